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
