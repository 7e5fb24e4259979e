// Rectangles of whole pixels on a picture: what is kept of it, and what is painted over.
import type { Rectangle } from '../api.ts';

export type Size = { width: number; height: number };
type At = readonly [number, number];

/** Smallest side of what is kept. */
export const SIDE_MIN_PX = 64;

const clamped = (value: number, least: number, most: number) => Math.min(Math.max(Math.round(value), least), most);

/** From one point to another, as far as it lies on the picture. */
export function between(from: At, to: At, { width, height }: Size): Rectangle {
  const [x1, x2] = [from[0], to[0]].map((x) => clamped(x, 0, width)).toSorted((a, b) => a - b) as [number, number];
  const [y1, y2] = [from[1], to[1]].map((y) => clamped(y, 0, height)).toSorted((a, b) => a - b) as [number, number];
  return [x1, y1, x2 - x1, y2 - y1];
}

/** As much of it as lies on the picture, each side of `least` or more. */
export function onPicture([left, top, wide, high]: Rectangle, { width, height }: Size, least = 1): Rectangle {
  const x = clamped(left, 0, width - least);
  const y = clamped(top, 0, height - least);
  return [x, y, clamped(wide, least, width - x), clamped(high, least, height - y)];
}

/** Its corners: the upper two, then the lower two. */
export const corners = ([left, top, wide, high]: Rectangle): [At, At, At, At] => [
  [left, top],
  [left + wide, top],
  [left, top + high],
  [left + wide, top + high],
];

/** With a corner somewhere else; as it was where too little would be left. */
export function withCorner(of: Rectangle, corner: number, to: At, size: Size): Rectangle {
  const across = corners(of)[3 - corner] ?? [of[0], of[1]];
  const moved = between(across, to, size);
  return Math.min(moved[2], moved[3]) < SIDE_MIN_PX ? of : moved;
}
