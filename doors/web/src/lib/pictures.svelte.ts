// One live picture that follows the wish, the view and what is seen; the newest of each wins.
import type { Crop, View, Wish } from '../api.ts';
import { Coalescer } from './coalesce.ts';
import type { Frame, LiveSession } from './live.svelte.ts';

type Ask = { session: LiveSession; wish: Wish; view: View; crop: Crop };

/** The most pixels that are asked for: what a large tablet shows. */
const PIXELS_MAX = 2_400_000;
const WIDTH_MIN_PX = 256;

/** How wide a picture of a crop is asked for, so that it is as fine as the screen, within reason. */
export function widthFor(crop: Crop, scale: number): number {
  const wanted = crop[2] * scale * devicePixelRatio;
  const most = Math.sqrt((PIXELS_MAX * crop[2]) / crop[3]);
  return Math.round(Math.max(WIDTH_MIN_PX, Math.min(wanted, most)));
}

export class LivePicture {
  frame = $state.raw<Frame | null>(null);
  error = $state<unknown>(null);
  #asks = new Coalescer<Ask, Frame>({
    ask: ({ session, wish, view, crop }, signal) => session.frame(wish, view, crop, this.frame, signal),
    show: (frame) => {
      this.frame = frame;
      this.error = null;
    },
    fail: (error) => (this.error = error),
  });

  want(session: LiveSession, view: View, crop: Crop): void {
    if (session.wish && session.live) this.#asks.want({ session, wish: session.wish, view, crop });
  }

  stop(): void {
    this.#asks.stop();
  }
}
