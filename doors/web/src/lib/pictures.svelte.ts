// One live picture that follows the wish, the view and what is seen; the newest of each wins.
// While something moves it is a draft of a quarter of the pixels, which is soon there; at rest it becomes sharp.
import type { Crop, Wish } from '../api.ts';
import { Coalescer } from './coalesce.ts';
import { onceMore } from './reconnect.ts';
import type { Frame, LiveSession, View } from './live.svelte.ts';

type Ask = { session: LiveSession; wish: Wish; view: View; crop: Crop; draft: boolean };

/** The most pixels that are asked for: what a large tablet shows. */
const PIXELS_MAX = 2_400_000;
const WIDTH_MIN_PX = 256;
/** The width of a draft, as a share of the picture's. */
const DRAFT = 0.5;
/** Below this width a draft would save nothing. */
const DRAFTED_FROM_PX = 800;
/** Nothing has moved for so long since a draft was shown: at rest, ms. */
const REST_MS = 100;

/** How wide a picture of a crop is asked for, so that it is as fine as the screen, within reason. */
export function widthFor(crop: Crop, scale: number): number {
  const wanted = crop[2] * scale * devicePixelRatio;
  const most = Math.sqrt((PIXELS_MAX * crop[2]) / crop[3]);
  return Math.round(Math.max(WIDTH_MIN_PX, Math.min(wanted, most)));
}

export class LivePicture {
  frame = $state.raw<Frame | null>(null);
  /** Whether the picture is as fine as was asked. */
  sharp = $state(false);
  error = $state<unknown>(null);
  /** The last picture of each width: the next one is painted over it. */
  #drafted: Frame | null = null;
  #sharp: Frame | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #newest: Ask | null = null;
  /** Stops asking once more. */
  #calm: () => void = () => {};
  #asks = new Coalescer<Ask, Frame>({
    ask: ({ session, wish, view, crop, draft }, signal) => {
      const width_px = draft ? Math.round(DRAFT * view.width_px) : view.width_px;
      return session.frame(wish, { ...view, width_px }, crop, draft ? this.#drafted : this.#sharp, signal);
    },
    show: (frame, ask) => {
      const { draft } = ask;
      if (draft) this.#drafted = frame;
      else this.#sharp = frame;
      clearTimeout(this.#rest);
      // because a draft that came late must not put what was wanted since out of its place
      if (draft && ask === this.#newest) this.#rest = setTimeout(() => this.#asks.want({ ...ask, draft: false }), REST_MS);
      this.frame = frame;
      this.sharp = !draft;
      this.error = null;
    },
    fail: (error) => {
      this.error = error;
      this.#calm();
      this.#calm = onceMore(error, () => this.#newest && this.want(this.#newest.session, this.#newest.view, this.#newest.crop));
    },
  });

  want(session: LiveSession, view: View, crop: Crop): void {
    if (!session.wish || !session.live) return;
    clearTimeout(this.#rest);
    this.#calm();
    // Not by `frame`, because whoever wants would then want again with every picture that comes.
    const moves = this.#sharp?.crop === crop && view.width_px >= DRAFTED_FROM_PX;
    this.#newest = { session, wish: session.wish, view, crop, draft: moves };
    this.#asks.want(this.#newest);
  }

  stop(): void {
    clearTimeout(this.#rest);
    this.#calm();
    this.#asks.stop();
  }
}
