// Mouse, finger and pen over the picture while a drawing tool is chosen: one pointer draws, two pan and zoom, the wheel zooms.
import type { Point } from '../api.ts';
import type { Viewer } from './viewer.ts';

export type Strokes = { press(at: Point): void; drag(at: Point): void; release(): void; cancel(): void };

export function attachHand(surface: HTMLElement, viewer: () => Viewer | null, strokes: Strokes): () => void {
  const pointers = new Map<number, Point>();
  const place = (event: PointerEvent | WheelEvent): Point => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [a = [0, 0], b = a] = [...pointers.values()];
    return { middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as Point, apart: Math.hypot(a[0] - b[0], a[1] - b[1]) };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    if (pointers.size === 1) strokes.press(place(event));
    else strokes.cancel();
  };
  const move = (event: PointerEvent) => {
    if (pointers.size < 2) {
      // because a fast finger tells several places at once
      for (const part of event.getCoalescedEvents?.() ?? [event]) strokes.drag(place(part));
      return;
    }
    if (!pointers.has(event.pointerId)) return;
    const before = spread();
    pointers.set(event.pointerId, place(event));
    const now = spread();
    viewer()?.panBy([before.middle[0] - now.middle[0], before.middle[1] - now.middle[1]]);
    if (before.apart > 0) viewer()?.zoomBy(now.apart / before.apart, now.middle);
  };
  const up = (event: PointerEvent) => {
    const alone = pointers.size === 1;
    if (!pointers.delete(event.pointerId)) return;
    if (alone) strokes.release();
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    viewer()?.zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, place(event));
  };

  surface.addEventListener('pointerdown', down);
  surface.addEventListener('pointermove', move);
  surface.addEventListener('pointerup', up);
  surface.addEventListener('pointercancel', up);
  surface.addEventListener('wheel', wheel, { passive: false });
  return () => {
    surface.removeEventListener('pointerdown', down);
    surface.removeEventListener('pointermove', move);
    surface.removeEventListener('pointerup', up);
    surface.removeEventListener('pointercancel', up);
    surface.removeEventListener('wheel', wheel);
  };
}
