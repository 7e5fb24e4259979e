// A hand that draws on the photograph, by mouse, finger or keys: what is pressed, dragged and let go becomes places in the photograph.
import type { Point } from '../api.ts';

/** What a tool asks for: a free line, corners of an area, corners of a line, two places, or one. */
export type Shape = 'free' | 'area' | 'line' | 'two' | 'one';

/** `undone` are places that were taken back, the last one first to come again; a new place forgets them. */
export type Pen = { readonly shape: Shape; readonly draft: readonly Point[]; readonly undone: readonly Point[]; readonly down: boolean };
export type Drawn = { readonly pen: Pen; readonly finished: readonly Point[] | null };

const CORNERS_MIN: Record<Shape, number> = { free: 1, area: 3, line: 2, two: 2, one: 1 };

export const restPen = (shape: Shape): Pen => ({ shape, draft: [], undone: [], down: false });
const and = (pen: Pen, at: Point): Drawn => going({ ...pen, draft: [...pen.draft, at], undone: [] });
const going = (pen: Pen): Drawn => ({ pen, finished: null });
const done = (pen: Pen, draft: readonly Point[]): Drawn => ({ pen: restPen(pen.shape), finished: draft });

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** Pressed at a place; `near_px` is how close to a corner means that corner. */
export function press(pen: Pen, at: Point, near_px: number): Drawn {
  const first = pen.draft[0];
  const last = pen.draft.at(-1);
  switch (pen.shape) {
    case 'one':
      return done(pen, [at]);
    case 'free':
      return going({ ...pen, draft: [at], down: true });
    case 'two':
      return first ? done(pen, [first, at]) : and(pen, at);
    case 'area':
      if (first && pen.draft.length >= CORNERS_MIN.area && distance(first, at) <= near_px) return done(pen, pen.draft);
      return and(pen, at);
    case 'line':
      if (last && distance(last, at) <= near_px) return finish(pen);
      return and(pen, at);
  }
}

/** Moved while pressed; steps smaller than `step_px` are left out. */
export function drag(pen: Pen, at: Point, step_px: number): Pen {
  const last = pen.draft.at(-1);
  if (!pen.down || (last && distance(last, at) < step_px)) return pen;
  return { ...pen, draft: [...pen.draft, at] };
}

export function release(pen: Pen): Drawn {
  return pen.down ? done(pen, pen.draft) : going(pen);
}

/** Closes an area or ends a line as it is; what is too short stays. */
export function finish(pen: Pen): Drawn {
  return pen.draft.length >= CORNERS_MIN[pen.shape] ? done(pen, pen.draft) : going(pen);
}

export function withoutLast(pen: Pen): Pen {
  const last = pen.draft.at(-1);
  return last ? { ...pen, draft: pen.draft.slice(0, -1), undone: [...pen.undone, last] } : pen;
}

/** The place that was taken back last stands again. */
export function withLast(pen: Pen): Pen {
  const last = pen.undone.at(-1);
  return last ? { ...pen, draft: [...pen.draft, last], undone: pen.undone.slice(0, -1) } : pen;
}

/** Drops what is being drawn: places can come again, a stroke cannot. */
export function dropped(pen: Pen): Pen {
  return pen.down ? restPen(pen.shape) : { ...pen, draft: [], undone: [...pen.undone, ...pen.draft.toReversed()] };
}

/** Places were set one by one, and what they are to be is not drawn yet. */
export const isOpen = (pen: Pen): boolean => !pen.down && pen.draft.length > 0;
