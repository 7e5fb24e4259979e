// What is painted over the photograph: outlines, follicles, dots, strokes, live pictures. Pixels of the screen only.
import type { Crop, Point } from '../api.ts';
import type { Detection } from '../generated/results.ts';
import { dotAt, type Dots } from '../lib/dots.ts';
import type { Hairs, Mark } from '../lib/marks.ts';
import { between, clearOf, screenFromPhoto, within, type Band, type ScreenFromPhoto, type Size } from '../lib/screen.ts';

export type Sheet = { context: CanvasRenderingContext2D; transform: ScreenFromPhoto; size: Size };
export type Picture = { canvas: OffscreenCanvas; crop: Crop; mark: readonly number[] | null };

// Seen on light and on dark skin alike: each line has a dark and a light half.
const LIGHT = '#ffffff';
const DARK = '#000000';
const SCAR = '#ffd400';
const SKIN = '#00d5ff';
/** Below this radius a ring is a blot. */
const FINE_PX = 3.5;
/** Half a speck's side at most, px. */
const SPECK_PX = 1.5;
const SESSIONS = ['#00e5ff', '#ffd400', '#ff7ad9', '#9dff6b'];

function trace({ context, transform }: Sheet, path: readonly Point[], closed: boolean): void {
  context.beginPath();
  path.forEach((place, index) => {
    const [x, y] = screenFromPhoto(transform, place);
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  if (closed) context.closePath();
}

export function paintLine(sheet: Sheet, path: readonly Point[], closed: boolean, ink: string = SCAR, dashed = false): void {
  const { context } = sheet;
  trace(sheet, path, closed);
  context.lineJoin = 'round';
  context.setLineDash(dashed ? [8, 6] : []);
  context.lineWidth = 4;
  context.strokeStyle = DARK;
  context.globalAlpha = 0.6;
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.strokeStyle = ink;
  context.stroke();
  context.setLineDash([]);
}

/** The number that a shape has in a list, beside its topmost place. */
export function paintNumber({ context, transform }: Sheet, path: readonly Point[], number: number): void {
  const top = path.reduce<Point | null>((best, place) => (best && best[1] <= place[1] ? best : place), null);
  if (!top) return;
  const [x, y] = screenFromPhoto(transform, top);
  context.font = '600 14px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.lineWidth = 4;
  context.strokeStyle = DARK;
  context.strokeText(String(number), x, y - 4);
  context.fillStyle = SCAR;
  context.fillText(String(number), x, y - 4);
}

export function paintCorners({ context, transform }: Sheet, path: readonly Point[]): void {
  for (const place of path) {
    const [x, y] = screenFromPhoto(transform, place);
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fillStyle = LIGHT;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = DARK;
    context.stroke();
  }
}

/** Corners that are set one by one, and the way between them. */
export function paintOpen(sheet: Sheet, path: readonly Point[]): void {
  paintLine(sheet, path, false, undefined, true);
  paintCorners(sheet, path);
}

/** A broad stroke as the brush lays it, half seen through. */
export function paintBrush(sheet: Sheet, path: readonly Point[], radius_px: number, inside: boolean): void {
  const { context, transform } = sheet;
  context.globalAlpha = 0.4;
  context.lineCap = context.lineJoin = 'round';
  context.lineWidth = Math.max(1, 2 * radius_px * transform.scale);
  context.strokeStyle = inside ? SCAR : SKIN;
  trace(sheet, path.length === 1 ? [...path, ...path] : path, false);
  context.stroke();
  context.globalAlpha = 1;
}

export function paintMarks(sheet: Sheet, marks: readonly Mark[]): void {
  const { context } = sheet;
  for (const mark of marks) {
    if (mark.kind === 'stroke') paintBrush(sheet, mark.path_px, mark.radius_px, mark.side === 'inside');
    if (mark.kind === 'ruler') {
      paintLine(sheet, [mark.from_px, mark.to_px], false, LIGHT);
      paintCorners(sheet, [mark.from_px, mark.to_px]);
    }
    if (mark.kind !== 'area') continue;
    trace(sheet, mark.outline_px, true);
    context.globalAlpha = 0.4;
    context.fillStyle = mark.side === 'inside' ? SCAR : SKIN;
    context.fill();
    context.globalAlpha = 1;
  }
}

export function paintFollicles(sheet: Sheet, detections: readonly Detection[], hairs: Hairs): void {
  const { context } = sheet;
  const gone = new Set(hairs.removed.map(String));
  const standing = detections.flatMap(({ x_px, y_px }) => (gone.has(`${x_px},${y_px}`) ? [] : [[x_px, y_px] as Point]));
  const radius = markRadius(sheet, standing);
  if (radius < FINE_PX) specks(sheet, standing, Math.min(radius, SPECK_PX), SKIN);
  else {
    ring(sheet, standing, radius + 1, DARK);
    ring(sheet, standing, radius, SKIN);
  }
  ring(sheet, hairs.added, Math.max(4, radius + 2), DARK);
  ring(sheet, hairs.added, Math.max(3, radius + 1), '#9dff6b');
  context.lineWidth = 2;
  context.strokeStyle = '#ff5a4d';
  context.beginPath();
  for (const place of hairs.removed) {
    const [x, y] = screenFromPhoto(sheet.transform, place);
    context.moveTo(x - 5, y - 5);
    context.lineTo(x + 5, y + 5);
    context.moveTo(x + 5, y - 5);
    context.lineTo(x - 5, y + 5);
  }
  context.stroke();
}

/** As large as the crowd allows, so that hairs stay seen below their marks. */
function markRadius({ transform }: Sheet, places: readonly Point[]): number {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const extent = (all: number[]) => all.reduce((most, one) => Math.max(most, one), -Infinity) - all.reduce((least, one) => Math.min(least, one), Infinity);
  const spacing_px = Math.sqrt((extent(xs) * extent(ys)) / places.length);
  return Math.min(6, Math.max(0.6, (spacing_px * transform.scale) / 4 || FINE_PX));
}

/** Marks too small to be rings: squares, half seen through. */
function specks({ context, transform, size }: Sheet, places: readonly Point[], radius: number, ink: string): void {
  context.globalAlpha = 0.75;
  context.fillStyle = ink;
  for (const place of places) {
    const [x, y] = screenFromPhoto(transform, place);
    if (x < 0 || y < 0 || x > size.width || y > size.height) continue;
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
  context.globalAlpha = 1;
}

function ring({ context, transform, size }: Sheet, places: readonly Point[], radius: number, ink: string): void {
  context.beginPath();
  for (const place of places) {
    const [x, y] = screenFromPhoto(transform, place);
    if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.lineWidth = 1.5;
  context.strokeStyle = ink;
  context.stroke();
}

/** Fewer dots than this are drawn larger than they are where the whole photograph is seen. */
const FEW_DOTS = 2000;

/** Every dot at its place and size (never below what can be seen), one ink a session; one path each, so that 20,000 are cheap. */
export function paintDots({ context, transform, size }: Sheet, dots: Dots): void {
  // few are to be found, many are not to run together
  const least = dots.count < FEW_DOTS ? 1.8 : 0.9;
  SESSIONS.forEach((ink, index) => {
    context.beginPath();
    for (let i = 0; i < dots.count; i += 1) {
      const dot = dotAt(dots, i);
      if (Math.max(1, Math.min(SESSIONS.length, dot.session)) !== index + 1) continue;
      const [x, y] = screenFromPhoto(transform, [dot.x, dot.y]);
      if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue;
      const radius = Math.max(least, (dot.diameter * transform.scale) / 2);
      if (radius < 1.5) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      else {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    context.fillStyle = ink;
    context.fill();
  });
}

export const sessionInk = (session: number): string => SESSIONS[Math.min(SESSIONS.length, Math.max(1, session)) - 1] ?? LIGHT;

/** A picture of which only what lies right of a place is shown (for before and after). */
export type Shown = { picture: Picture; from_x: number };

/** The rows of the screen that a picture's mark takes up where the picture stands; none of a photograph. */
function ownBand({ transform }: Sheet, { canvas, crop, mark }: Picture): Band {
  const [first = 0, rows = 0] = mark ?? [];
  const scale = (crop[3] * transform.scale) / canvas.height;
  return { top: transform.top + crop[1] * transform.scale + first * scale, height: rows * scale };
}

/**
 * Pictures from the server at their places, the last one on top. Whatever is shown of a picture, its mark is seen whole: within
 * the window, beside the marks of those above. Gives the rows that the marks take up.
 */
export function paintPictures(sheet: Sheet, shown: readonly Shown[]): Band[] {
  type Placed = Shown & { band: Band };
  const placed = shown.reduceRight<Placed[]>((above, one) => {
    const own = within(ownBand(sheet, one.picture), sheet.size.height);
    return [{ ...one, band: above.reduce((band, other) => clearOf(band, other.band), own) }, ...above];
  }, []);
  for (const one of placed) paintPicture(sheet, one, one.band);
  for (const one of placed) paintBand(sheet, one.picture, one.band);
  return placed.map(({ band }) => band);
}

/** Leaves out the picture's own mark where its band stands elsewhere. */
function paintPicture(sheet: Sheet, { picture, from_x }: Shown, band: Band): void {
  const { context, transform, size } = sheet;
  const { canvas, crop } = picture;
  const [left, top] = screenFromPhoto(transform, [crop[0], crop[1]]);
  const own = ownBand(sheet, picture);
  context.save();
  context.beginPath();
  for (const part of between(own.top === band.top ? [] : [own], size.height)) context.rect(from_x, part.top, size.width - from_x, part.height);
  context.clip();
  context.drawImage(canvas, left, top, crop[2] * transform.scale, crop[3] * transform.scale);
  context.restore();
}

function paintBand({ context, transform }: Sheet, { canvas, crop, mark }: Picture, band: Band): void {
  const [first = 0, rows = 0] = mark ?? [];
  if (!rows) return;
  const left = transform.left + crop[0] * transform.scale;
  context.drawImage(canvas, 0, first, canvas.width, rows, left, band.top, crop[2] * transform.scale, band.height);
}

export function paintCross({ context, transform }: Sheet, at: Point): void {
  const [x, y] = screenFromPhoto(transform, at);
  context.beginPath();
  context.moveTo(x - 14, y);
  context.lineTo(x + 14, y);
  context.moveTo(x, y - 14);
  context.lineTo(x, y + 14);
  context.lineWidth = 5;
  context.strokeStyle = DARK;
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = LIGHT;
  context.stroke();
}
