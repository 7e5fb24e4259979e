// What the client answers: kept with the case as it is given, one answer after the other, so that two tablets add up.
import { api, type Answer, type Answers, type Case } from '../api.ts';

type New = Record<string, Answer | null>;

export class AnswerSheet {
  /** As they stand, with those on their way. */
  answers = $state.raw<Answers>({});
  error = $state<unknown>(null);
  #case: string;
  #kept: (one: Case) => void;
  #waiting: New = {};
  #sending = false;

  constructor(one: Case, kept: (one: Case) => void) {
    this.#case = one.id;
    this.#kept = kept;
    this.answers = one.answers;
  }

  /** What was answered elsewhere meanwhile. */
  async refresh(): Promise<void> {
    try {
      const one = await api.case(this.#case);
      this.#kept(one);
      this.answers = withNew(one.answers, this.#waiting);
    } catch (error) {
      this.error = error;
    }
  }

  set(question: string, answer: Answer | null): void {
    this.answers = withNew(this.answers, { [question]: answer });
    this.#waiting[question] = answer;
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (Object.keys(this.#waiting).length) {
      const answers = this.#waiting;
      this.#waiting = {};
      try {
        const one = await api.answer(this.#case, { answers });
        this.#kept(one);
        this.answers = withNew(one.answers, this.#waiting);
        this.error = null;
      } catch (error) {
        // they go with the next answer
        this.#waiting = { ...answers, ...this.#waiting };
        this.error = error;
        break;
      }
    }
    this.#sending = false;
  }
}

function withNew(answers: Answers, added: New): Answers {
  const all = Object.entries({ ...answers, ...added });
  return Object.fromEntries(all.filter((one): one is [string, Answer] => one[1] !== null));
}

/** Whether two sheets say the same, whatever was answered first. */
export function sameAnswers(one: Answers, other: Answers): boolean {
  const sorted = (answers: Answers) => JSON.stringify(Object.entries(answers).toSorted(([a], [b]) => a.localeCompare(b)));
  return sorted(one) === sorted(other);
}
