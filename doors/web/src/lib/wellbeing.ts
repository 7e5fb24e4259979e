// How somebody is, as it is chosen and as it is sent.
import type { WellbeingScores } from '../api.ts';

export type Chosen = { noticeable: string; satisfied: string; confident: string; itches: string; hurts: string };

export const nothing = (): Chosen => ({ noticeable: '', satisfied: '', confident: '', itches: '', hurts: '' });

/** As it is sent; null as long as one is open. */
export function scoresOf(chosen: Chosen): WellbeingScores | null {
  if (Object.values(chosen).includes('')) return null;
  const { noticeable, satisfied, confident, itches, hurts } = chosen;
  return { noticeable: Number(noticeable), satisfied: Number(satisfied), confident: Number(confident), itches: itches === 'yes', hurts: hurts === 'yes' };
}
