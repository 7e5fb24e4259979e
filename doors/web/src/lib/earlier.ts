// What a photograph can be held against: earlier photographs of its case that were read, with the plan that was made on each.
import type { Case, Photograph, RecordLine, Visit, VisitKind } from '../api.ts';

export type Earlier = { photograph: Photograph; kind: VisitKind; day: string; reading: string; plan: string | null; sessions: number };

export const newest = (lines: readonly RecordLine[]): RecordLine | null => lines.toSorted((a, b) => a.made_at.localeCompare(b.made_at)).at(-1) ?? null;

/** The newest plan; of those made on a reading, if there are any. */
export function planOn(records: readonly RecordLine[], reading: string | null): RecordLine | null {
  const all = records.filter((line) => line.kind === 'plan');
  const own = all.filter((line) => line.parent === reading);
  return newest(own.length ? own : all);
}

/** Of the visits before and of this one, the newest first; by the chosen reading, and the plan made on it. */
export function earlierOf(one: Case, photograph: Photograph): Earlier[] {
  const own = one.visits.find((visit) => visit.id === photograph.visit);
  const before = one.visits.filter((visit) => own && visit.day <= own.day);
  const of = (visit: Visit) =>
    visit.photographs.flatMap((photo) => {
      const isLater = visit.id === own?.id && photo.uploaded_at > photograph.uploaded_at;
      if (photo.id === photograph.id || !photo.reading || isLater) return [];
      const plan = planOn(photo.records, photo.reading);
      return [{ photograph: photo, kind: visit.kind, day: visit.day, reading: photo.reading, plan: plan?.id ?? null, sessions: sessionsBetween(one, visit, own) }];
    });
  const when = (one: Earlier) => `${one.day} ${one.photograph.uploaded_at}`;
  return before.flatMap(of).toSorted((a, b) => when(b).localeCompare(when(a)));
}

/** Sessions from the visit of the photograph before up to that of the one after. */
function sessionsBetween(one: Case, from: Visit, to: Visit | undefined): number {
  return sessionDays(one).filter((day) => day >= from.day && (!to || day <= to.day)).length;
}

/** Each day of a session once, whether it stands in the book or is a visit only. */
function sessionDays(one: Case): string[] {
  const visited = one.visits.filter((visit) => visit.kind === 'session').map((visit) => visit.day);
  return [...new Set([...one.session_days, ...visited])].toSorted();
}

/** The day of the last session before a day; null where none is on record. */
export function lastSession(one: Case, day: string): string | null {
  return sessionDays(one).filter((session) => session < day).at(-1) ?? null;
}

/** Days from the last session before the photograph's visit to that visit; null where none is on record. */
export function daysSinceSession(one: Case, photograph: Photograph): number | null {
  const own = one.visits.find((visit) => visit.id === photograph.visit);
  const last = own && lastSession(one, own.day);
  if (!own || !last) return null;
  return Math.round((Date.parse(`${own.day}T00:00Z`) - Date.parse(`${last}T00:00Z`)) / 86_400_000);
}
