// Numbers as people type them.
import { expect, test } from 'vitest';
import { decimalOf, isWithin, wholeOf } from './typed.ts';

test.each([
  ['0,5', 0.5],
  [' 0.5 ', 0.5],
  ['12', 12],
  ['1 250,5', 1250.5],
  ['', null],
  ['1,2,3', null],
  ['-1', null],
  ['half', null],
])('decimal %j is %j', (text, value) => expect(decimalOf(text)).toBe(value));

test.each([
  ['1200', 1200],
  ['1.200', 1200],
  ['1,200', 1200],
  ['1 200', 1200],
  ['12.000.000', 12_000_000],
  ['1,5', null],
  ['1.20', null],
  ['', null],
])('whole %j is %j', (text, value) => expect(wholeOf(text)).toBe(value));

test('within, both ends with it', () => {
  expect([isWithin(0, 0, 3), isWithin(3, 0, 3), isWithin(3.1, 0, 3), isWithin(null, 0, 3)]).toEqual([true, true, false, false]);
});
