// What a client has seen before signing for the treatment: the photographs of the case, and the newest plan on them.
import type { Case, RecordLine } from '../api.ts';

const readyIn = (one: Case) => one.visits.flatMap((visit) => visit.photographs).filter(({ state }) => state === 'ready');

/** The newest first. */
export function plansIn(one: Case): RecordLine[] {
  const plans = readyIn(one).flatMap(({ records }) => records.filter(({ kind }) => kind === 'plan'));
  return plans.toSorted((a, b) => b.made_at.localeCompare(a.made_at));
}

export const shownIn = (one: Case): { photographs: string[]; plan: string | null } => ({
  photographs: readyIn(one).map(({ id }) => id),
  plan: plansIn(one)[0]?.id ?? null,
});

/** Those that were taken on a day. */
export const photographsOn = (one: Case, day: string): string[] =>
  one.visits.filter((visit) => visit.day === day).flatMap((visit) => visit.photographs).filter(({ state }) => state === 'ready').map(({ id }) => id);
