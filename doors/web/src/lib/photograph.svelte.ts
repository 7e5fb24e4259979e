// The photograph that is worked on: its records, the reading that was chosen, where it belongs.
import { api, type Case, type Client, type Crop, type Photograph, type RecordLine } from '../api.ts';
import type { Reading } from '../generated/results.ts';
import { isMissing } from '../http.ts';
import { AnswerSheet } from './answers.svelte.ts';
import { planOn } from './earlier.ts';
import { inheritWish, LiveSession } from './live.svelte.ts';
import { session } from '../session.svelte.ts';
import { Turns } from './turns.svelte.ts';
import { atLeast, boxAround, type Size } from './screen.ts';

/** The smallest part of a photograph that is shown at first. */
const CROP_LEAST: Size = { width: 640, height: 480 };

export class Work {
  readonly id: string;
  photograph = $state.raw<Photograph | null>(null);
  case = $state.raw<Case | null>(null);
  sheet = $state.raw<AnswerSheet | null>(null);
  client = $state.raw<Client | null>(null);
  readingId = $state<string | null>(null);
  reading = $state.raw<Reading | null>(null);
  live = $state.raw<LiveSession | null>(null);
  error = $state<unknown>(null);
  /** A reading that was asked for here is being made: it takes its place by itself. */
  awaits = false;
  readonly turns = new Turns(this);
  /** The choice of a reading that was followed here. */
  #followed = $state<string | null>(null);

  constructor(id: string) {
    this.id = id;
  }

  get readings(): RecordLine[] {
    return (this.photograph?.records ?? []).filter((line) => line.kind === 'reading');
  }

  /** A reading was chosen, and is on its way here. */
  get loading(): boolean {
    return this.readingId !== null && !this.reading && !this.error;
  }

  get size(): Size {
    const { width_px = 1, height_px = 1 } = this.photograph?.look ?? {};
    return { width: width_px, height: height_px };
  }

  /** Where the largest scar lies, with some skin around: what a plan and a preview show first. */
  get scarBox(): Crop | null {
    const box = boxAround(this.reading?.scars[0]?.outline_px ?? [], this.size, 0.1);
    // because the mark of a simulation takes up a good part of a smaller picture
    return box && atLeast(box, CROP_LEAST, this.size);
  }

  /** The newest plan that was made on this photograph; on the chosen reading, if one was. */
  get plan(): RecordLine | null {
    return planOn(this.photograph?.records ?? [], this.readingId);
  }

  async load(): Promise<void> {
    try {
      const photograph = await api.photograph(this.id);
      this.photograph = photograph;
      this.#followed = photograph.reading;
      const chosen = this.readings.find((line) => line.id === photograph.reading);
      if (chosen && chosen.id !== this.readingId) {
        // because it may have been made after the page that asked for it was left
        inheritWish(chosen.id, chosen.parent);
        await this.#see(chosen.id);
      }
      // what was made from here is no news
      if (this.live) this.live.plan = this.plan;
      if (!this.case) this.#belongs(await api.case(photograph.case));
      this.client ??= await api.client(photograph.client);
    } catch (error) {
      this.error = error;
    }
  }

  #belongs(one: Case): void {
    this.case = one;
    this.sheet = new AnswerSheet(one, (now) => (this.case = now));
  }

  /** What others did meanwhile. The reading that is shown stays: nothing is taken from under a hand. */
  async refresh(): Promise<void> {
    const known = this.photograph;
    if (!known || this.awaits || session.interrupted) return;
    try {
      const now = await api.photograph(this.id);
      if (this.photograph !== known || JSON.stringify(now) === JSON.stringify(known)) return;
      this.photograph = now;
      await this.live?.learn(this.plan);
    } catch (error) {
      // because nothing else that is asked for may tell that it was removed; all other trouble is told where it matters
      if (isMissing(error)) this.error = error;
    }
  }

  /** Whether another reading than the one that was followed here was chosen elsewhere. */
  get overtaken(): boolean {
    const chosen = this.photograph?.reading ?? null;
    return chosen !== null && chosen !== this.#followed;
  }

  /** It belongs elsewhere now. */
  async moved(): Promise<void> {
    this.case = this.client = null;
    await this.load();
  }

  /** Readings that somebody made while another one took their place: a person chooses. */
  get rivals(): RecordLine[] {
    return this.readings.filter((line) => line.waiting && line.id !== this.readingId);
  }

  /** The reading that the chosen one corrects. */
  get parent(): RecordLine | null {
    const chosen = this.readings.find((line) => line.id === this.readingId);
    return this.readings.find((line) => line.id === chosen?.parent) ?? null;
  }

  /** Plans, reports and outcomes start from it; for everybody, where this account may keep records. Throws where somebody chose meanwhile. */
  async choose(reading: string): Promise<void> {
    const stood = this.photograph?.reading;
    if (session.may('add') && stood) {
      try {
        this.photograph = await api.chooseReading(this.id, { reading, instead_of: stood });
        this.#followed = reading;
      } catch (error) {
        await this.load();
        throw error;
      }
    }
    await this.#see(reading);
  }

  /** A new reading was made on another: what was wished for the other holds for it. It stands, unless somebody was faster. */
  async made(reading: string, of: string | null): Promise<void> {
    inheritWish(reading, of);
    await this.load();
  }

  async #see(reading: string): Promise<void> {
    // the first one is on its way; later what is shown stays until the other one is there
    if (!this.reading) this.readingId = reading;
    const { body } = await api.record<Reading>(reading).catch((error: unknown) => {
      // so that it is told which one is not shown
      this.#followed = this.readingId;
      throw error;
    });
    this.live?.close();
    this.live = null;
    this.readingId = reading;
    this.reading = body;
  }

  openLive(): LiveSession | null {
    if (this.readingId && this.live?.reading !== this.readingId) {
      this.live?.close();
      this.live = new LiveSession(this.readingId, this.plan);
      void this.live.open();
    }
    return this.live;
  }

  close(): void {
    this.live?.close();
  }
}
