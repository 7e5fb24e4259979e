// How far a photograph has come, for the caption below its small picture.
import type { Photograph } from '../api.ts';

/** The furthest first. */
const MADE = ['outcome', 'plan', 'reading'] as const;
export type Stand = Exclude<Photograph['state'], 'ready'> | 'unread' | (typeof MADE)[number];

export function standOf({ state, records }: Pick<Photograph, 'state'> & { records: readonly Pick<Photograph['records'][number], 'kind'>[] }): Stand {
  if (state !== 'ready') return state;
  return MADE.find((kind) => records.some((record) => record.kind === kind)) ?? 'unread';
}

/** Without files that were refused, where the very same file is a photograph by now. */
export function unsettled<T extends Pick<Photograph, 'state' | 'sha256'>>(photographs: readonly T[]): T[] {
  const ready = new Set(photographs.filter(({ state }) => state === 'ready').map(({ sha256 }) => sha256));
  return photographs.filter(({ state, sha256 }) => state !== 'unusable' || !ready.has(sha256));
}
