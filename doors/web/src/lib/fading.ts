// The course of fading that belongs to an outcome: of which plan it is told, since which session, and whether it is still the newest.
import type { Case, Photograph, RecordLine } from '../api.ts';
import type { Outcome, TouchUp } from '../generated/results.ts';
import { lastSession, newest } from './earlier.ts';

/** What a course rests on: the plan, the course that was told last, and from which session its days are counted. */
export type CourseOf = { plan: RecordLine; course: RecordLine | null; isOutdated: boolean; session: string | null };

/** The hash of the plan that an outcome was made with; null where it was made without one. */
export const planHash = ({ inputs }: Outcome): string | null => inputs.find((input) => input.name === 'plan')?.sha256 ?? null;

/** What is known of the plan of an outcome that was held against a reading; null where that is not there any more. */
export async function courseOf(one: Case, reading: string | null, hash: string | null, hashOf: (plan: string) => Promise<string>): Promise<CourseOf | null> {
  const before = one.visits.flatMap((visit) => visit.photographs).find((photo) => photo.records.some((line) => line.id === reading));
  const plan = before && (await planBy(before.records, hash, hashOf));
  if (!plan) return null;
  const course = newest(before.records.filter((line) => line.kind === 'fading' && line.parent === plan.id));
  const compared = comparedWith(one, before);
  return {
    plan,
    course,
    isOutdated: course !== null && compared.some(({ line }) => line.made_at > course.made_at),
    session: lastSession(one, compared.map(({ day }) => day).toSorted().at(-1) ?? ''),
  };
}

/** Of the plans of a photograph the one with this hash; where none has it, the newest. */
async function planBy(records: readonly RecordLine[], hash: string | null, hashOf: (plan: string) => Promise<string>): Promise<RecordLine | null> {
  const plans = records.filter((line) => line.kind === 'plan');
  if (plans.length > 1) {
    for (const plan of plans) if ((await hashOf(plan.id)) === hash) return plan;
  }
  return newest(plans);
}

/** Outcomes of photographs that were held against this one, and the days of those photographs. */
function comparedWith(one: Case, before: Photograph): { line: RecordLine; day: string }[] {
  const readings = before.records.map((line) => line.id);
  const isOf = (line: RecordLine) => line.kind === 'outcome' && line.parent !== null && readings.includes(line.parent);
  return one.visits.flatMap((visit) => visit.photographs.flatMap((photo) => photo.records.filter(isOf).map((line) => ({ line, day: visit.day }))));
}

/** So many days stand for that and more. */
const BEYOND_DAYS = 5479;
const DAYS_A_YEAR = 365.25;

export type Moment = { years: number; on: string | null; isBeyond: boolean };

/** When the scar will be seen again: earliest, likely, latest. */
export function momentsOf({ days, on }: TouchUp): [Moment, Moment, Moment] | null {
  if (!days) return null;
  const at = (value: number, day: string | undefined) => ({ years: value / DAYS_A_YEAR, on: day ?? null, isBeyond: value >= BEYOND_DAYS });
  return [at(days.low, on?.[0]), at(days.likely, on?.[1]), at(days.high, on?.[2])];
}
