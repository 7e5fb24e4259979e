// Where the chart of redness puts things: days to the right; upward how much redder the scar is than it was before.
import type { Healing } from '../api.ts';

type Redness = NonNullable<Healing['photographs'][number]['redness']>;
type Size = { width: number; height: number };
type Tick = { value: number; at: number };
export type Placed = Size & {
  bands: { kind: 'peak' | 'settles'; x: number; width: number }[];
  points: { x: number; y: number; low: number; high: number }[];
  /** Height of the redness before. */
  before: number;
  ticksX: Tick[];
  ticksY: Tick[];
};

/** The chart shows two weeks at least. */
const DAYS_MIN = 14;
const STEPS = [0.5, 1, 2, 5, 10, 20, 50, 100];
/** Steps of the axis of days. */
const DAYS = [1, 2, 7, 14, 30, 90, 180, 365];

/** How much redder it is now, and how unsure that is. */
export const redderThan = (before: Redness, now: Redness): Redness => ({
  value: now.value - before.value,
  standard_uncertainty: Math.hypot(now.standard_uncertainty, before.standard_uncertainty),
});

/** Null where no photograph was measured. */
export function placed(healing: Healing, { width, height }: Size): Placed | null {
  const points = healing.photographs.flatMap(({ day, redness, before }) => (redness && before ? [{ day, ...redderThan(before, redness) }] : []));
  if (!points.length) return null;
  const last = Math.max(DAYS_MIN, ...points.map(({ day }) => day));
  const ends = points.flatMap((point) => [point.value - point.standard_uncertainty, point.value + point.standard_uncertainty]);
  const values = [...ends, 0];
  const step = STEPS.find((one) => (Math.max(...values) - Math.min(...values)) / one <= 4) ?? 200;
  const low = Math.floor(Math.min(...values) / step) * step;
  const high = Math.max(Math.ceil(Math.max(...values) / step) * step, low + step);
  const x = (day: number) => (day / last) * width;
  const y = (value: number) => height * (1 - (value - low) / (high - low));
  const band = (kind: 'peak' | 'settles', [from, to]: number[]) => ({ kind, x: x(from ?? 0), width: x(Math.min(to ?? 0, last)) - x(from ?? 0) });
  const everyDays = DAYS.find((one) => last / one <= 8) ?? 730;
  const range = (from: number, to: number, by: number) => Array.from({ length: Math.floor((to - from) / by + 1e-9) + 1 }, (_, k) => from + k * by);
  return {
    width,
    height,
    bands: healing.usual ? [band('settles', healing.usual.settles_days), band('peak', healing.usual.peak_days)] : [],
    points: points.map((point) => ({ x: x(point.day), y: y(point.value), low: y(point.value - point.standard_uncertainty), high: y(point.value + point.standard_uncertainty) })),
    before: y(0),
    ticksX: range(0, last, everyDays).map((value) => ({ value, at: x(value) })),
    ticksY: range(low, high, step).map((value) => ({ value: Math.round(value * 10) / 10, at: y(value) })),
  };
}
