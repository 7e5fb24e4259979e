// A new consultation: a case and its first visit.
import { api, type Case, type Visit } from '../api.ts';
import { today } from './day.ts';

const isEmpty = (one: Case) => one.visits.every((visit) => visit.photographs.length === 0);

/** Where its photographs go. An empty case that is none of those known `before` is used: an earlier try made it, and its answer was lost. */
export async function beginConsultation(client: string, title: string, before: readonly string[]): Promise<{ case: string; visit: string }> {
  const { cases } = await api.client(client);
  const tried = cases.find((one) => !before.includes(one.id) && one.title === title && isEmpty(one));
  const made = tried ?? (await api.addCase(client, { title, note: '' }));
  const visit: Pick<Visit, 'id'> = made.visits[0] ?? (await api.addVisit(made.id, { day: today(), kind: 'consultation', note: '' }));
  return { case: made.id, visit: visit.id };
}
