// Undo and redo over "Read again": which corrections made a reading is remembered as long as its photograph is open.
import { forgetMarks, keepMarks, keptMarks } from './editor.svelte.ts';
import type { Mark } from './marks.ts';
import type { Work } from './photograph.svelte.ts';

type Made = { readonly reading: string; readonly of: string; readonly marks: readonly Mark[] };

export class Turns {
  error = $state<unknown>(null);
  #work: Pick<Work, 'id' | 'readingId' | 'rivals' | 'choose'>;
  #made = $state.raw<readonly Made[]>([]);
  #turning = false;

  constructor(work: Pick<Work, 'id' | 'readingId' | 'rivals' | 'choose'>) {
    this.#work = work;
  }

  /** A reading was made of another one and its corrections, which are part of it now. */
  made(reading: string, of: string | null): void {
    const { id } = this.#work;
    if (of) this.#made = [...this.#made, { reading, of, marks: keptMarks(id, of) }];
    forgetMarks(id, of);
  }

  /** What the shown reading was made of. Nothing while somebody else's waits: to choose would settle that too. */
  get before(): Made | null {
    const { readingId, rivals } = this.#work;
    return rivals.length ? null : (this.#made.find((one) => one.reading === readingId) ?? null);
  }

  /** What was made of the shown reading and these very corrections. */
  after(marks: readonly Mark[]): Made | null {
    const { readingId, rivals } = this.#work;
    const is = JSON.stringify(marks);
    return rivals.length ? null : (this.#made.findLast((one) => one.of === readingId && JSON.stringify(one.marks) === is) ?? null);
  }

  /** The reading before, with its corrections as they were. */
  async undo(): Promise<void> {
    const made = this.before;
    if (made) await this.#turn(made.of, made.marks);
  }

  async redo(marks: readonly Mark[]): Promise<void> {
    const made = this.after(marks);
    if (made && (await this.#turn(made.reading, []))) forgetMarks(this.#work.id, made.of);
  }

  /** Takes a reading; corrections that wait on it already stay. Says whether it stands. */
  async #turn(to: string, marks: readonly Mark[]): Promise<boolean> {
    if (this.#turning) return false;
    this.#turning = true;
    this.error = null;
    const { id } = this.#work;
    const stood = keptMarks(id, to);
    if (!stood.length) keepMarks(id, to, marks);
    try {
      await this.#work.choose(to);
    } catch (error) {
      keepMarks(id, to, stood);
      this.error = error;
    }
    this.#turning = false;
    return this.error === null;
  }
}
