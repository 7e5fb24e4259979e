import { expect, test } from 'vitest';
import { isBegun, VANCOUVER, whole } from './ratings.ts';

test('a scale counts once all of it is answered', () => {
  expect(whole(VANCOUVER, {})).toBeNull();
  expect(isBegun(VANCOUVER, {})).toBe(false);
  expect(isBegun(VANCOUVER, { height: 0 })).toBe(true);
  const all = { vascularity: 0, pigmentation: 1, pliability: 2, height: 3 };
  expect(whole(VANCOUVER, all)).toEqual(all);
  expect(isBegun(VANCOUVER, all)).toBe(false);
});
