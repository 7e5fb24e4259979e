// An answer in words.
import { expect, test } from 'vitest';
import type { CheckIn, CheckQuestion, SessionDone } from '../api.ts';
import { daysAsked, inWords } from './telling.ts';

const question: CheckQuestion = { id: 'redness', kind: 'choice', text: {}, choices: [{ id: 'less', text: { en: 'less than before' } }] };
const said = (answer: boolean | number | string | undefined) => inWords(question, answer, { yes: 'Yes', no: 'No' }, (text) => text.en ?? '');

test('every kind', () => {
  expect([true, false, 0, 'less', 'other', undefined].map(said)).toEqual(['Yes', 'No', '0', 'less than before', 'other', '']);
});

test('a day that nobody answered is seen', () => {
  const session = (day: string, over = {}) => ({ day, corrected: false, is_test: false, ...over }) as SessionDone;
  const told = (day: number, told_at: string) => ({ day, told_at }) as CheckIn;
  const sessions = [session('2027-01-01'), session('2027-03-01'), session('2027-03-05', { corrected: true })];
  const answers = [told(3, '2027-01-04T10:00:00Z'), told(2, '2027-03-03T10:00:00Z'), told(7, '2027-03-08T10:00:00Z')];
  expect(daysAsked([1, 3, 7, 14], answers, sessions, '2027-03-09')).toEqual([
    { day: 1, state: 'answered' }, { day: 3, state: 'missing' }, { day: 7, state: 'answered' },
  ]);
  expect(daysAsked([1], [], sessions, '2027-03-02')).toEqual([]);
  expect(daysAsked([1], [], [], '2027-03-02')).toEqual([]);
});
