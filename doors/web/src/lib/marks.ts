// Corrections of a reading as steps in the order they were made, and what is asked of the server for them.
import type { Point, ReadRequest, Ruler, Side, Stroke } from '../api.ts';
import type { Detection } from '../generated/results.ts';

export type Mark =
  | ({ kind: 'stroke' } & Stroke)
  | { kind: 'area'; side: Side; outline_px: Point[] }
  | { kind: 'add_hair'; at: Point }
  | { kind: 'remove_hair'; at: Point }
  | ({ kind: 'ruler' } & Ruler);

type Place = Pick<Detection, 'x_px' | 'y_px'>;
export type Hairs = { added: Point[]; removed: Point[] };

const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];

/** Hairs after all steps: one that was added and taken away again is neither. */
export function hairsOf(marks: readonly Mark[]): Hairs {
  let added: Point[] = [];
  const removed: Point[] = [];
  for (const mark of marks) {
    if (mark.kind === 'add_hair') added.push(mark.at);
    if (mark.kind !== 'remove_hair') continue;
    const kept = added.filter((at) => !same(at, mark.at));
    if (kept.length === added.length) removed.push(mark.at);
    added = kept;
  }
  return { added, removed };
}

/** The hair nearest to a place: a detection that still stands, or one that was added. */
export function nearestHair(at: Point, detections: readonly Place[], hairs: Hairs, within_px: number): Point | null {
  let best: Point | null = null;
  let least = within_px;
  const gone = new Set(hairs.removed.map(String));
  const consider = (place: Point) => {
    const away = Math.hypot(place[0] - at[0], place[1] - at[1]);
    if (away <= least && !gone.has(String(place))) [best, least] = [place, away];
  };
  for (const { x_px, y_px } of detections) consider([x_px, y_px]);
  hairs.added.forEach(consider);
  return best;
}

const lastRuler = (marks: readonly Mark[]): Ruler | undefined => {
  const mark = marks.findLast((one) => one.kind === 'ruler');
  return mark?.kind === 'ruler' ? { from_px: mark.from_px, to_px: mark.to_px, length_mm: mark.length_mm } : undefined;
};

/** Whether the scar is to be taken exactly as drawn: where an area was drawn, strokes are not hints any more. */
export const drawsArea = (marks: readonly Mark[]) => marks.some((mark) => mark.kind === 'area');
export const touchesScar = (marks: readonly Mark[]) => marks.some((mark) => mark.kind === 'area' || mark.kind === 'stroke');

/** What is asked for; `paintMask` draws the scar as it stands and gives a PNG in base64. */
export function requestOf(marks: readonly Mark[], exact: boolean, parent: string | null, paintMask: () => string): ReadRequest {
  const request: ReadRequest = parent ? { parent } : {};
  const ruler = lastRuler(marks);
  if (ruler) request.ruler = ruler;
  const hairs = hairsOf(marks);
  if (hairs.added.length) request.hairs_added_px = hairs.added;
  if (hairs.removed.length) request.hairs_removed_px = hairs.removed;
  if (!touchesScar(marks)) return request;
  if (exact || drawsArea(marks)) return { ...request, scar_mask_png: paintMask() };
  const strokes = marks.flatMap((mark) =>
    mark.kind === 'stroke' ? [{ side: mark.side, path_px: mark.path_px, radius_px: mark.radius_px }] : [],
  );
  return { ...request, strokes };
}
