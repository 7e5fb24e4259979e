// Distances on the scalp from places in the photograph.
import { expect, test } from 'vitest';
import { distanceBetween } from './distance.ts';

const pixel_pitch_um = { value: 50, standard_uncertainty: 2.5 };

test('where the camera was square to the scalp it is pixels times their size, as sure as that', () => {
  const square = { scalp_from_photo: [[0.05, 0, 3], [0, 0.05, -7], [0, 0, 1]], pixel_pitch_um } as Parameters<typeof distanceBetween>[2];
  const { value, standard_uncertainty } = distanceBetween([100, 100], [400, 500], square);
  expect(value).toBeCloseTo(25);
  expect(standard_uncertainty).toBeCloseTo(1.25);
});

test('where the camera was tilted, the same pixels are farther apart on the far side', () => {
  const tilted = { scalp_from_photo: [[0.05, 0, 0], [0, 0.05, 0], [-0.0001, 0, 1]], pixel_pitch_um } as Parameters<typeof distanceBetween>[2];
  expect(distanceBetween([1000, 0], [1000, 100], tilted).value).toBeGreaterThan(distanceBetween([0, 0], [0, 100], tilted).value);
});
