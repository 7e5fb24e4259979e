// How hard a new password is to guess, by the one thing that can be told from it alone: its length, repetition left out.

/** The server takes none that is shorter. */
export const LENGTH_MIN = 10;
/** Three words are about as long as the second. */
const FAIR_FROM = 14;
const GOOD_FROM = 18;
/** With fewer different letters it is a pattern. */
const DIFFERENT_MIN = 6;

export const STRENGTHS = ['short', 'weak', 'fair', 'good'] as const;
export type Strength = (typeof STRENGTHS)[number];

export function strengthOf(password: string): Strength {
  if (password.length < LENGTH_MIN) return 'short';
  const words = new Set(password.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const letters = [...words].join('').replace(/(.{1,16}?)\1+/gu, '$1');
  if (letters.length < FAIR_FROM || new Set(letters).size < DIFFERENT_MIN) return 'weak';
  return letters.length < GOOD_FROM ? 'fair' : 'good';
}
