// What the caption below a small picture says.
import { expect, test } from 'vitest';
import { standOf } from './stand.ts';

test('what cannot be used says so, the rest how far it has come', () => {
  expect(standOf({ state: 'unusable', records: [] })).toBe('unusable');
  expect(standOf({ state: 'new', records: [] })).toBe('new');
  expect(standOf({ state: 'ready', records: [] })).toBe('unread');
  expect(standOf({ state: 'ready', records: [{ kind: 'reading' }] })).toBe('reading');
  expect(standOf({ state: 'ready', records: [{ kind: 'reading' }, { kind: 'plan' }] })).toBe('plan');
  expect(standOf({ state: 'ready', records: [{ kind: 'outcome' }] })).toBe('outcome');
});
