// What the client answers: kept with the case as it is given, one answer after the other, so that two tablets add up.
// What has not arrived waits in this browser; it never goes over what was answered elsewhere meanwhile unless a person says so.
import { api, type Answer, type Answers, type Case } from '../api.ts';
import { isMissing } from '../http.ts';
import { session } from '../session.svelte.ts';
import { keep, kept } from './keep.ts';
import { QUESTION_WORDS, type Question } from './questions.ts';
import { onceMore } from './reconnect.ts';
import { hopeOf } from './upload.ts';

/** `over`: what stood when it was answered. */
type Waiting = { answer: Answer | null; over: Answer | null };
export type Contested = { question: Question; mine: Answer | null; theirs: Answer | null };

export class AnswerSheet {
  error = $state<unknown>(null);
  #known = $state.raw<Answers>({});
  #waiting = $state.raw<Partial<Record<Question, Waiting>>>({});
  #case: string;
  #kept: (one: Case) => void;
  #busy = false;
  #left = false;
  /** Stops asking once more. */
  #calm: () => void = () => {};

  constructor(one: Case, kept: (one: Case) => void) {
    this.#case = one.id;
    this.#kept = kept;
    this.#known = one.answers;
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
    return this.#open.filter((question) => (this.#known[question] ?? null) === this.#waiting[question]?.over);
  }

  #takeUp(question: Question): void {
    const waiting = kept<Waiting>(this.#slot(question));
    if (waiting) this.#waiting = { ...this.#waiting, [question]: waiting };
  }

  #slot = (question: Question) => `answers.${this.#case}.${question}`;

  #hold(question: Question, waiting: Waiting | null): void {
    const { [question]: _, ...others } = this.#waiting;
    this.#waiting = waiting ? { ...others, [question]: waiting } : others;
    keep(this.#slot(question), waiting);
  }

  async #go(looks: boolean): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#calm();
    try {
      if (looks) this.#see(await api.case(this.#case));
      while (session.may('add') && this.#next.length) await this.#send();
      this.error = null;
    } catch (error) {
      this.#failed(error);
    }
    this.#busy = false;
  }

  async #send(): Promise<void> {
    const sent = this.#next.map((question) => [question, this.#waiting[question]?.answer ?? null] as const);
    const one = await api.answer(this.#case, { answers: Object.fromEntries(sent) });
    // what was answered anew meanwhile goes over what has just arrived
    for (const [question, over] of sent) {
      const waiting = this.#waiting[question];
      if (waiting) this.#hold(question, { ...waiting, over });
    }
    this.#see(one);
  }

  #see(one: Case): void {
    this.#known = one.answers;
    this.#kept(one);
    for (const question of this.#open) {
      if (this.#waiting[question]?.answer === (one.answers[question] ?? null)) this.#hold(question, null);
    }
  }

  #failed(error: unknown): void {
    // because nothing of a client who was erased may stay
    if (isMissing(error)) for (const question of this.#open) this.#hold(question, null);
    this.error = error;
    if (!this.#left) this.#calm = onceMore(error, () => void this.refresh());
  }
}

function withNew(answers: Answers, added: Record<string, Answer | null>): Answers {
  const all = Object.entries({ ...answers, ...added });
  return Object.fromEntries(all.filter((one): one is [string, Answer] => one[1] !== null));
}

/** Whether two sheets say the same, whatever was answered first. */
export function sameAnswers(one: Answers, other: Answers): boolean {
  const sorted = (answers: Answers) => JSON.stringify(Object.entries(answers).toSorted(([a], [b]) => a.localeCompare(b)));
  return sorted(one) === sorted(other);
}
