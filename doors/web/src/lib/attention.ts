// Who is to be looked after first.
import type { Attention } from '../api.ts';

const URGENT = ['emergency', 'doctor', 'practitioner'];
/** What was taken back or cannot be read is for the practitioner; words and photographs, which tell no sign, come last. */
const urgencyOf = ({ signs, taken_back, is_damaged }: Attention) =>
  Math.min(taken_back || is_damaged ? URGENT.length - 1 : URGENT.length, ...signs.map(({ urgency }) => URGENT.indexOf(urgency)));

/** Who is to be asked, by the most urgent of all that was told. */
export const mostUrgent = (one: Attention): string | undefined => URGENT[urgencyOf(one)];

/** One line for each client, its most urgent, the last of several; the most urgent client first. */
export function onePerClient(all: readonly Attention[]): Attention[] {
  const sorted = all.toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || b.told_at.localeCompare(a.told_at));
  return sorted.filter((one, index) => sorted.findIndex(({ client }) => client === one.client) === index);
}
