// How far a photograph has come, for the caption below its small picture.
import type { Photograph } from '../api.ts';

/** The furthest first. */
const MADE = ['outcome', 'plan', 'reading'] as const;
export type Stand = Exclude<Photograph['state'], 'ready'> | 'unread' | (typeof MADE)[number];

export function standOf({ state, records }: Pick<Photograph, 'state'> & { records: readonly Pick<Photograph['records'][number], 'kind'>[] }): Stand {
  if (state !== 'ready') return state;
  return MADE.find((kind) => records.some((record) => record.kind === kind)) ?? 'unread';
}
