// Numbers for people: a measured value rounded to what its uncertainty allows, in the reader's own notation.
import type { Measured } from '../api.ts';

/** Decimals that show an uncertainty with two digits, one when it begins with 3 or more. */
export function decimalsFor(uncertainty: number): number {
  if (!(uncertainty > 0)) return 2;
  const first = Math.floor(Math.log10(uncertainty));
  const digits = uncertainty / 10 ** first < 2.95 ? 2 : 1;
  return Math.min(6, Math.max(0, digits - 1 - first));
}

export function formatNumber(locale: string, value: number, decimals: number): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: 'negative' }).format(value).replace('-', '−');
}

/** What holds the truth with about 95 %, cut where a value cannot be. */
export const likelyRange = ({ value, standard_uncertainty }: Measured, most = Infinity): [number, number] => [
  Math.min(most, Math.max(0, value - 2 * standard_uncertainty)),
  Math.min(most, Math.max(0, value + 2 * standard_uncertainty)),
];

export function formatMeasured(locale: string, measured: Measured): string {
  const decimals = decimalsFor(measured.standard_uncertainty);
  const value = formatNumber(locale, measured.value, decimals);
  return `${value} ± ${formatNumber(locale, measured.standard_uncertainty, decimals)}`;
}
