// Which case a visit belongs to, as far as this tab has seen it: the way back from a photograph.
import type { Case } from '../api.ts';

const key = (visit: string) => `stipple.case_of.${visit}`;

export function rememberVisits(one: Case): void {
  for (const visit of one.visits) sessionStorage.setItem(key(visit.id), one.id);
}

export const caseOfVisit = (visit: string): string | null => sessionStorage.getItem(key(visit));
