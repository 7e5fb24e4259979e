// The live session behind the sliders: the wish, the dots, the pictures, the totals.
import { api, type Crop, type Light, type Live, type RecordLine, type Summary, type View as LitView, type Wish } from '../api.ts';
import { ApiError } from '../http.ts';
import { Coalescer } from './coalesce.ts';
import { dotsFrom, type Dots } from './dots.ts';
import { keep, kept } from './keep.ts';
import { onceMore } from './reconnect.ts';

/** How a picture is looked at; without a light, in the photograph's own. */
export type View = Omit<LitView, 'light'> & { light: Light | null };

/** A picture; `mark` are the first row and the rows of a simulation's mark, `number` is none where nothing may be painted over it. */
export type Frame = { canvas: OffscreenCanvas; mark: readonly number[] | null; number: number | null; live: string; crop: Crop; view: View; wish: Wish };

const summaryOf = (response: Response): Summary | null => {
  const text = response.headers.get('Stipple-Summary');
  return text ? (JSON.parse(text) as Summary) : null;
};

const draftOf = (reading: string) => `wish.${reading}`;
/** When that was chosen, ms. */
const timeOf = (reading: string) => `wish_at.${reading}`;

function sameWish(one: Wish, other: Wish): boolean {
  const keys = Object.keys({ ...one, ...other }) as (keyof Wish)[];
  return keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]));
}

/** What was wished for a reading holds for the one that corrects it, unless something was wished for that already. */
export function inheritWish(reading: string, of: string | null): void {
  if (!of || kept<Wish>(draftOf(reading))) return;
  keep(draftOf(reading), kept<Wish>(draftOf(of)));
  keep(timeOf(reading), kept<number>(timeOf(of)));
}

type Plan = Pick<RecordLine, 'id' | 'made_at'>;

/** What a plan was saved with; null where the program that made it did not keep that. */
async function wishOf(plan: Plan): Promise<Wish | null> {
  const asked = await api.asked(plan.id).catch(() => null);
  return asked?.wish ?? null;
}

export class LiveSession {
  readonly reading: string;
  live = $state.raw<Live | null>(null);
  wish = $state.raw<Wish | null>(null);
  summary = $state.raw<Summary | null>(null);
  dots = $state.raw<Dots | null>(null);
  error = $state<unknown>(null);
  /** What a newer plan was saved with, where it differs from what is set here. */
  saved = $state.raw<Wish | null>(null);
  /** The newest that is known. */
  plan: Plan | null;
  #abort = new AbortController();
  #opening: Promise<void> | null = null;
  /** Stops asking once more. */
  #calm: () => void = () => {};
  #dots = new Coalescer<Wish, { dots: Dots; summary: Summary | null }>({
    ask: async (wish, signal) => {
      const response = await this.#ask((live) => api.dots(live, { wish }, signal));
      return { dots: dotsFrom(await response.arrayBuffer()), summary: summaryOf(response) };
    },
    show: ({ dots, summary }) => {
      this.dots = dots;
      if (summary) this.summary = summary;
      this.error = null;
    },
    fail: (error) => this.#failed(error, () => this.wantDots()),
  });

  /** `plan`: the newest that was saved of the photograph. */
  constructor(reading: string, plan: Plan | null) {
    this.reading = reading;
    this.plan = plan;
  }

  get draft(): string {
    return draftOf(this.reading);
  }

  open(): Promise<void> {
    this.#opening ??= Promise.all([api.openLive(this.reading, this.#abort.signal), this.#asked()]).then(
      ([live, asked]) => {
        this.live = live;
        this.#begin(live.wish, asked);
        this.error = null;
      },
      (error: unknown) => {
        this.#opening = null;
        if (!this.#abort.signal.aborted) this.#failed(error, () => void this.open());
      },
    );
    return this.#opening;
  }

  /** What the newest plan was saved with, if that is needed and the program that made it kept it. */
  async #asked(): Promise<Wish | null> {
    const chosenLater = kept<Wish>(this.draft) && (kept<number>(timeOf(this.reading)) ?? 0) >= Date.parse(this.plan?.made_at ?? '');
    return this.plan && !this.wish && !chosenLater ? wishOf(this.plan) : null;
  }

  /** With what was chosen in this browser; where nothing was, with what the plan was saved with, else with the protocol. */
  #begin(protocol: Wish, asked: Wish | null): void {
    if (this.wish) return;
    const own = kept<Wish>(this.draft);
    const saved = { ...protocol, ...asked };
    this.wish = own ? { ...protocol, ...own } : saved;
    this.saved = own && asked && !sameWish(this.wish, saved) ? saved : null;
  }

  /** A plan that a colleague saved while the sliders were open is offered: nothing is taken from under a hand. */
  async learn(plan: Plan | null): Promise<void> {
    if (!plan || plan.made_at <= (this.plan?.made_at ?? '')) return;
    this.plan = plan;
    await this.#opening;
    const wish = await wishOf(plan);
    if (!this.live || !this.wish || !wish || plan !== this.plan) return;
    const saved = { ...this.live.wish, ...wish };
    this.saved = sameWish(this.wish, saved) ? null : saved;
  }

  /** The plan that was saved meanwhile instead of what is set here. */
  takeSaved(): void {
    if (this.saved) this.change(this.saved);
  }

  #failed(error: unknown, again: () => void): void {
    this.error = error;
    this.#calm();
    this.#calm = onceMore(error, again);
  }

  close(): void {
    this.#calm();
    this.#abort.abort();
    this.#dots.stop();
    if (this.live) void api.closeLive(this.live.live).catch(() => undefined);
  }

  change(part: Partial<Wish>): void {
    if (!this.wish) return;
    this.wish = { ...this.wish, ...part };
    this.saved = null;
    keep(this.draft, this.wish);
    keep(timeOf(this.reading), Date.now());
  }

  /** Back to what the protocol would do. */
  reset(): void {
    if (this.live) this.change(this.live.wish);
  }

  wantDots(): void {
    this.#calm();
    if (this.wish) this.#dots.want(this.wish);
  }

  /** One picture of a wish, painted over the one at hand where only a part of that has changed. */
  async frame(wish: Wish, view: View, crop: Crop, at_hand: Frame | null, signal: AbortSignal): Promise<Frame> {
    const over = at_hand && at_hand.live === this.live?.live ? (at_hand.number ?? undefined) : undefined;
    const asked = { ...view, crop_px: crop, ...(over === undefined ? {} : { over }) };
    const response = await this.#ask((live) => api.frame(live, { wish, view: asked }, signal));
    const summary = summaryOf(response);
    const bitmap = await createImageBitmap(await response.blob());
    if (summary && wish === this.wish) this.summary = summary;
    const area = at_hand ? summary?.picture?.area_px : null;
    const canvas = at_hand && area ? at_hand.canvas : new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, area?.[0] ?? 0, area?.[1] ?? 0);
    bitmap.close();
    const mark = summary?.picture?.mark_px ?? null;
    return { canvas, mark, number: summary?.picture?.number ?? null, live: this.live?.live ?? '', crop, view, wish };
  }

  /** Asks; where the program behind has gone (404), it is opened once more. */
  async #ask(question: (live: string) => Promise<Response>): Promise<Response> {
    if (!this.live) throw new ApiError(0, 'unreachable', '');
    try {
      return await question(this.live.live);
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error;
      this.live = null;
      this.#opening = null;
      await this.open();
      if (!this.live) throw error;
      return await question((this.live as Live).live);
    }
  }
}
