// How far apart two places of a photograph are on the scalp, by the reading's own map from pixels to millimetres.
import type { Measured, Point } from '../api.ts';
import type { Reading } from '../generated/results.ts';

type Scale = Pick<Reading['photo'], 'scalp_from_photo' | 'pixel_pitch_um'>;

/** In mm; as sure as the size of a pixel is. */
export function distanceBetween(from: Point, to: Point, { scalp_from_photo, pixel_pitch_um }: Scale): Measured {
  const onScalp = ([x, y]: Point): Point => {
    const [across, along, by] = scalp_from_photo.map(([a, b, c]) => a * x + b * y + c) as [number, number, number];
    return [across / by, along / by];
  };
  const [[x0, y0], [x1, y1]] = [onScalp(from), onScalp(to)];
  const value = Math.hypot(x1 - x0, y1 - y0);
  return { value, standard_uncertainty: (value * pixel_pitch_um.standard_uncertainty) / pixel_pitch_um.value };
}
