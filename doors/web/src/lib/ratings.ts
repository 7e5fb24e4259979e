// Scales by which people rate a scar: their items, how far each goes, and what is asked of whom.
import type { RatedBy, Said, ScarScale, Vancouver } from '../api.ts';

/** Items of the SCAR scale that an observer scores, with the most that each may be. */
export const OBSERVED = { spread: 4, erythema: 3, dyspigmentation: 1, suture_marks: 1, hypertrophy_atrophy: 3, overall: 1 };
/** Items with the most that each may be. */
export const SCAR: Record<keyof ScarScale, number> = {
  ...OBSERVED,
  itch: 1,
  pain: 1,
};
export const VANCOUVER: Record<keyof Vancouver, number> = { vascularity: 3, pigmentation: 2, pliability: 5, height: 3 };
export const NOTICEABILITY_MOST = 10;

export type Scores<Item extends string> = Partial<Record<Item, number>>;

/** All items, or nothing as long as one is open. */
export function whole<Item extends string>(items: Record<Item, number>, scores: Scores<Item>): Record<Item, number> | null {
  return Object.keys(items).every((item) => scores[item as Item] !== undefined) ? (scores as Record<Item, number>) : null;
}

/** Whether some items are answered, but not all. */
export function isBegun<Item extends string>(items: Record<Item, number>, scores: Scores<Item>): boolean {
  return Object.keys(scores).length > 0 && !whole(items, scores);
}

/** The scales that somebody is asked: clients and who is not told what they see judge the look alone. */
export const asksAll = (by: RatedBy): boolean => by === 'observer';

export const nothing = (said: Said): boolean => said.noticeability == null && !said.scar && !said.vancouver;
