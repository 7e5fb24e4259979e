// The chart of redness.
import { expect, test } from 'vitest';
import type { Healing } from '../api.ts';
import { placed } from './healing.ts';

const healing = (days: [number, number][]): Healing => ({
  session: '2026-10-01',
  photographs: days.map(([day, value]) => ({ photograph: `${day}`, day, redness: { value, standard_uncertainty: 1 }, before: { value: 1, standard_uncertainty: 0.5 }, code: null, message: null, sent: null, seen: false })),
  usual: { peak_days: [0, 2], settles_days: [1, 7], texts: [] },
});

test('a photograph that is redder stands higher, and later to the right', () => {
  const chart = placed(healing([[1, 9], [7, 3]]), { width: 700, height: 100 });
  const [first, second] = chart?.points ?? [];
  expect(chart?.bands.map(({ x, width }) => [x, width])).toEqual([[50, 300], [0, 100]]);
  expect([first?.x, second?.x]).toEqual([50, 350]);
  expect(first?.y).toBeLessThan(second?.y ?? 0);
  expect(second?.y).toBeLessThan(chart?.before ?? 0);
  expect(chart?.before).toBeLessThanOrEqual(100);
  expect(first?.high).toBeLessThan(first?.low ?? 0);
});

test('without a measured photograph there is nothing to draw', () => {
  expect(placed(healing([]), { width: 700, height: 100 })).toBeNull();
});
