// Rectangles as they are drawn and typed.
import { expect, test } from 'vitest';
import { between, onPicture, withCorner } from './rectangle.ts';

const size = { width: 400, height: 300 };

test('drawn in any direction, and never beyond the picture', () => {
  expect(between([50.4, 60], [10, 20], size)).toEqual([10, 20, 40, 40]);
  expect(between([390, 290], [900, -5], size)).toEqual([390, 0, 10, 290]);
});

test('typed numbers are brought onto the picture', () => {
  expect(onPicture([-5, 10, 900, 20], size)).toEqual([0, 10, 400, 20]);
  expect(onPicture([399, 0, 0, 0], size, 64)).toEqual([336, 0, 64, 64]);
});

test('a corner moves, its opposite stays', () => {
  expect(withCorner([0, 0, 400, 300], 0, [100, 50], size)).toEqual([100, 50, 300, 250]);
  expect(withCorner([100, 50, 300, 250], 3, [300, 200], size)).toEqual([100, 50, 200, 150]);
  expect(withCorner([100, 50, 300, 250], 3, [120, 60], size)).toEqual([100, 50, 300, 250]);
});
