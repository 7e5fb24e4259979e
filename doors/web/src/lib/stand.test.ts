// What the caption below a small picture says.
import { expect, test } from 'vitest';
import { standOf, unsettled } from './stand.ts';

test('what cannot be used says so, the rest how far it has come', () => {
  expect(standOf({ state: 'unusable', records: [] })).toBe('unusable');
  expect(standOf({ state: 'new', records: [] })).toBe('new');
  expect(standOf({ state: 'ready', records: [] })).toBe('unread');
  expect(standOf({ state: 'ready', records: [{ kind: 'reading' }] })).toBe('reading');
  expect(standOf({ state: 'ready', records: [{ kind: 'reading' }, { kind: 'plan' }] })).toBe('plan');
  expect(standOf({ state: 'ready', records: [{ kind: 'outcome' }] })).toBe('outcome');
});

test('a refused file goes once the very same file is a photograph', () => {
  const one = { state: 'unusable', sha256: 'a' } as const;
  const other = { state: 'unusable', sha256: 'b' } as const;
  const accepted = { state: 'ready', sha256: 'a' } as const;
  expect(unsettled([one, other])).toEqual([one, other]);
  expect(unsettled([one, other, { ...accepted, state: 'new' }])).toHaveLength(3);
  expect(unsettled([one, other, accepted])).toEqual([other, accepted]);
});
