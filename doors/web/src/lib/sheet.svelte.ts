// Answers on their way: one after the other, so that two tablets add up. What has not arrived waits; it never goes over what
// was answered elsewhere meanwhile unless a person says so.
import type { Answer, Answers } from '../api.ts';
import { isMissing } from '../http.ts';
import type { Shelf } from './keep.ts';
import { QUESTION_WORDS, type Question } from './questions.ts';
import { onceMore } from './reconnect.ts';
import { hopeOf } from './upload.ts';

/** `over`: what stood when it was answered. */
type Waiting = { answer: Answer | null; over: Answer | null };
export type Contested = { question: Question; mine: Answer | null; theirs: Answer | null };

/** Where answers go, and where they wait until they have arrived. */
export type Desk = {
  shelf: Shelf;
  may: () => boolean;
  look: () => Promise<Answers>;
  /** Gives all as they stand then. */
  send: (added: Record<string, Answer | null>) => Promise<Answers>;
  /** Whether what is said here goes over what was said elsewhere meanwhile. */
  last: boolean;
};

export class Sheet {
  error = $state<unknown>(null);
  #known = $state.raw<Answers>({});
  #waiting = $state.raw<Partial<Record<Question, Waiting>>>({});
  #desk: Desk;
  #busy = false;
  #left = false;
  /** Stops asking once more. */
  #calm: () => void = () => {};

  constructor(desk: Desk, known: Answers) {
    this.#desk = desk;
    this.#known = known;
    for (const question of QUESTION_WORDS) this.#takeUp(question);
  }

  /** As they stand, with those on their way. */
  get answers(): Answers {
    const added = Object.entries(this.#waiting).map(([question, { answer }]) => [question, answer]);
    return withNew(this.#known, Object.fromEntries(added) as Record<string, Answer | null>);
  }

  /** How many could not be sent yet. */
  get waits(): number {
    return this.error && hopeOf(this.error) !== 'none' ? this.#next.length : 0;
  }

  /** How many have not arrived. */
  get unsent(): number {
    return this.#open.length;
  }

  /** What was answered elsewhere otherwise while it waited here. */
  get contested(): Contested[] {
    return this.#open
      .map((question) => ({ question, mine: this.#waiting[question]?.answer ?? null, theirs: this.#known[question] ?? null }))
      .filter(({ question, theirs }) => theirs !== this.#waiting[question]?.over);
  }

  /** Sends what waits, after looking at what was answered elsewhere meanwhile. */
  refresh(): Promise<void> {
    this.#left = false;
    return this.#go(true);
  }

  set(question: Question, answer: Answer | null): void {
    this.#hold(question, { answer, over: this.#known[question] ?? null });
    void this.#go(this.error !== null);
  }

  /** What was answered elsewhere stands. */
  yield(question: Question): void {
    this.#hold(question, null);
  }

  /** The page is left: what waits is sent when it is opened again. */
  stop(): void {
    this.#left = true;
    this.#calm();
  }

  get #open(): Question[] {
    return Object.keys(this.#waiting) as Question[];
  }

  get #next(): Question[] {
    return this.#open.filter((question) => this.#desk.last || (this.#known[question] ?? null) === this.#waiting[question]?.over);
  }

  #takeUp(question: Question): void {
    const waiting = this.#desk.shelf.kept<Waiting>(question);
    if (waiting) this.#waiting = { ...this.#waiting, [question]: waiting };
  }

  #hold(question: Question, waiting: Waiting | null): void {
    const { [question]: _, ...others } = this.#waiting;
    this.#waiting = waiting ? { ...others, [question]: waiting } : others;
    this.#desk.shelf.keep(question, waiting);
  }

  async #go(looks: boolean): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#calm();
    try {
      if (looks) this.#see(await this.#desk.look());
      while (this.#desk.may() && this.#next.length) await this.#send();
      this.error = null;
    } catch (error) {
      this.#failed(error);
    }
    this.#busy = false;
  }

  async #send(): Promise<void> {
    const sent = this.#next.map((question) => [question, this.#waiting[question]?.answer ?? null] as const);
    const known = await this.#desk.send(Object.fromEntries(sent));
    // what was answered anew meanwhile goes over what has just arrived
    for (const [question, over] of sent) {
      const waiting = this.#waiting[question];
      if (waiting) this.#hold(question, { ...waiting, over });
    }
    this.#see(known);
  }

  #see(known: Answers): void {
    this.#known = known;
    for (const question of this.#open) {
      if (this.#waiting[question]?.answer === (known[question] ?? null)) this.#hold(question, null);
    }
  }

  #failed(error: unknown): void {
    // because nothing of a client who was erased may stay
    if (isMissing(error)) for (const question of this.#open) this.#hold(question, null);
    this.error = error;
    if (!this.#left) this.#calm = onceMore(error, () => void this.refresh());
  }
}

export function withNew(answers: Answers, added: Record<string, Answer | null>): Answers {
  const all = Object.entries({ ...answers, ...added });
  return Object.fromEntries(all.filter((one): one is [string, Answer] => one[1] !== null));
}
