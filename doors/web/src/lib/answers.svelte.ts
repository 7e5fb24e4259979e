// What the client answers: kept with the case as it is given, and in this browser until it has arrived.
import { api, type Answers, type Case } from '../api.ts';
import { session } from '../session.svelte.ts';
import { inBrowser, under } from './keep.ts';
import { Sheet } from './sheet.svelte.ts';

export class AnswerSheet extends Sheet {
  constructor(one: Case, seen: (one: Case) => void) {
    const told = (now: Case) => {
      seen(now);
      return now.answers;
    };
    super(
      {
        shelf: under(inBrowser, `answers.${one.id}.`),
        may: () => session.may('add'),
        look: async () => told(await api.case(one.id)),
        send: async (answers) => told(await api.answer(one.id, { answers })),
        last: false,
      },
      one.answers,
    );
  }
}

/** Whether two sheets say the same, whatever was answered first. */
export function sameAnswers(one: Answers, other: Answers): boolean {
  const sorted = (answers: Answers) => JSON.stringify(Object.entries(answers).toSorted(([a], [b]) => a.localeCompare(b)));
  return sorted(one) === sorted(other);
}
