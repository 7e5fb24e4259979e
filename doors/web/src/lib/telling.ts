// What a client tells of the skin: as it is chosen on the page, whether it is whole, and as it is sent.
import type { Answer, CheckIn, CheckQuestion, SessionDone } from '../api.ts';
import { daysAfter } from './day.ts';

/** By question, the word of what was chosen. */
export type Chosen = Record<string, string>;

const ofKind: Record<string, (word: string) => Answer> = {
  scale: Number,
  yes_no: (word) => word === 'yes',
};

/** Questions that have no answer yet. */
export const unanswered = (questions: readonly CheckQuestion[], chosen: Chosen): CheckQuestion[] =>
  questions.filter(({ id }) => !chosen[id]);

export function answersOf(questions: readonly CheckQuestion[], chosen: Chosen): Record<string, Answer> {
  const told = questions.flatMap(({ id, kind }) => {
    const word = chosen[id];
    return word ? [[id, (ofKind[kind] ?? String)(word)] as const] : [];
  });
  return Object.fromEntries(told);
}

/** An answer as a person would say it. */
export function inWords(
  { choices }: CheckQuestion,
  answer: Answer | undefined,
  words: { yes: string; no: string },
  spoken: (text: Record<string, string>) => string,
): string {
  if (answer === undefined) return '';
  if (typeof answer === 'boolean') return answer ? words.yes : words.no;
  const choice = choices.find(({ id }) => id === answer);
  return choice ? spoken(choice.text) : String(answer);
}

export type DayAsked = { day: number; state: 'answered' | 'missing' };

/** The days after the last session on which the client was asked and has had a day to answer, and whether they did. */
export function daysAsked(days: readonly number[], told: readonly CheckIn[], sessions: readonly SessionDone[], today: string): DayAsked[] {
  const last = sessions.filter((one) => !one.corrected && !one.is_test).map((one) => one.day).toSorted().at(-1);
  if (!last) return [];
  const since = told.filter((one) => one.told_at.slice(0, 10) >= last).map((one) => one.day);
  const due = days.filter((day) => daysAfter(last, day) < today);
  return due.map((day) => {
    const next = days.find((other) => other > day) ?? Infinity;
    return { day, state: since.some((one) => one >= day && one < next) ? 'answered' : 'missing' };
  });
}
