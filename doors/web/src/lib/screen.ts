// The one transform of the web application: screen from photograph (a scale and a shift), and the way back.
import type { Crop, Point } from '../api.ts';

export type ScreenFromPhoto = { readonly scale: number; readonly left: number; readonly top: number };

export function screenFromPhoto(t: ScreenFromPhoto, [x, y]: Point): Point {
  return [t.left + x * t.scale, t.top + y * t.scale];
}

export function photoFromScreen(t: ScreenFromPhoto, [x, y]: Point): Point {
  return [(x - t.left) / t.scale, (y - t.top) / t.scale];
}

export type Size = { width: number; height: number };

/** The box around places, larger by a margin (a share of its longer side), within the photograph. */
export function boxAround(places: readonly Point[], photo: Size, margin: number): Crop | null {
  if (!places.length) return null;
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const more = margin * Math.max(right - left, bottom - top);
  const x = Math.max(0, Math.floor(left - more));
  const y = Math.max(0, Math.floor(top - more));
  return [x, y, Math.min(photo.width, Math.ceil(right + more)) - x, Math.min(photo.height, Math.ceil(bottom + more)) - y];
}

/** A crop made as wide or as high as a window's shape asks, moved so that as little as can be lies beyond the photograph. */
export function shapedFor(window: Size, [x, y, width, height]: Crop, photo: Size): Crop {
  const aspect = window.width / window.height;
  const size = { width: Math.max(width, height * aspect), height: Math.max(height, width / aspect) };
  const within = (middle: number, extent: number, whole: number) =>
    extent >= whole ? (whole - extent) / 2 : Math.min(Math.max(middle - extent / 2, 0), whole - extent);
  return [within(x + width / 2, size.width, photo.width), within(y + height / 2, size.height, photo.height), size.width, size.height];
}

/** A crop made at least so large, as far as the photograph goes. */
export function atLeast([x, y, width, height]: Crop, least: Size, photo: Size): Crop {
  const wide = Math.min(Math.max(width, least.width), photo.width);
  const high = Math.min(Math.max(height, least.height), photo.height);
  const start = (middle: number, size: number, whole: number) => Math.round(Math.min(Math.max(middle - size / 2, 0), whole - size));
  return [start(x + width / 2, wide, photo.width), start(y + height / 2, high, photo.height), wide, high];
}

/** A square within a crop, around a place if that lies in the crop, else around its middle. */
export function squareIn([x, y, width, height]: Crop, around: Point | null, side_px: number): Crop {
  const side = Math.round(Math.min(side_px, width, height));
  const seen = around && around[0] >= x && around[0] <= x + width && around[1] >= y && around[1] <= y + height;
  const [cx, cy] = seen ? around : [x + width / 2, y + height / 2];
  const within = (middle: number, from: number, extent: number) => Math.round(Math.min(Math.max(middle - side / 2, from), from + extent - side));
  return [within(cx, x, width), within(cy, y, height), side, side];
}

/** That part of the photograph which a window of this size shows, in whole pixels; null where none of it is seen. */
export function seenCrop(t: ScreenFromPhoto, window: Size, photo: Size): Crop | null {
  const [x0, y0] = photoFromScreen(t, [0, 0]);
  const [x1, y1] = photoFromScreen(t, [window.width, window.height]);
  const left = Math.max(0, Math.floor(x0));
  const top = Math.max(0, Math.floor(y0));
  const right = Math.min(photo.width, Math.ceil(x1));
  const bottom = Math.min(photo.height, Math.ceil(y1));
  return right - left < 1 || bottom - top < 1 ? null : [left, top, right - left, bottom - top];
}

/** Rows of the screen. */
export type Band = { readonly top: number; readonly height: number };

/** A band, moved into a height. */
export const within = (band: Band, height: number): Band => ({ ...band, top: Math.max(0, Math.min(band.top, height - band.height)) });

/** Bands beside each other share so much, so that nothing is seen between them, px. */
const SEAM_PX = 1;

/** A band, moved to another's edge where the two would lie over each other: above it, or below it where there is no room. */
export function clearOf(band: Band, other: Band): Band {
  const [end, otherEnd] = [band.top + band.height, other.top + other.height];
  if (!band.height || end <= other.top + SEAM_PX || otherEnd - SEAM_PX <= band.top) return band;
  const above = other.top + SEAM_PX - band.height;
  return { ...band, top: above < 0 ? otherEnd - SEAM_PX : above };
}

/** The parts of a height that lie between bands. */
export function between(bands: readonly Band[], height: number): Band[] {
  const sorted = bands.filter((band) => band.height > 0).toSorted((a, b) => a.top - b.top);
  const ends = [0, ...sorted.map((band) => band.top + band.height)];
  return ends.map((top, index) => ({ top, height: (sorted[index]?.top ?? height) - top })).filter((part) => part.height > 0);
}

/** The topmost place, from one on, for something of a height that leaves every band free, with a margin around it. */
export function topBeside(bands: readonly Band[], height: number, margin: number, from = margin): number {
  const sorted = bands.filter((band) => band.height > 0).toSorted((a, b) => a.top - b.top);
  return sorted.reduce((top, band) => (band.top < top + height + margin && band.top + band.height + margin > top ? band.top + band.height + margin : top), from);
}
