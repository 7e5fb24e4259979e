// Who is to be looked after first.
import { expect, test } from 'vitest';
import type { Attention } from '../api.ts';
import { mostUrgent, onePerClient } from './attention.ts';

const told = (client: string, told_at: string, ...urgencies: string[]): Attention => ({
  client, told_at, case: 'case', name: client, id: `${client} ${told_at}`, photograph: null, taken_back: null, has_words: false, is_damaged: false, day: 3,
  signs: urgencies.map((urgency) => ({ id: urgency, urgency, text: {} })),
});

test('each client once, by what is most urgent', () => {
  const all = [told('a', '3', 'practitioner'), told('b', '2', 'practitioner', 'emergency'), told('a', '1', 'doctor'), told('b', '4', 'practitioner'), told('c', '5', 'doctor')];
  expect(onePerClient(all).map((one) => one.id)).toEqual(['b 2', 'c 5', 'a 1']);
});

test('a photograph comes after all signs, and has none', () => {
  const photograph = { ...told('a', '9'), photograph: 'p' };
  expect(onePerClient([photograph, told('b', '1', 'practitioner')]).map((one) => one.client)).toEqual(['b', 'a']);
  expect(mostUrgent(photograph)).toBeUndefined();
});

test('the most urgent of several signs is the one that is said', () => {
  expect(mostUrgent(told('a', '1', 'practitioner', 'doctor'))).toBe('doctor');
});
