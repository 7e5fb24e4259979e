// Numbers as people type them: a comma or a point before decimals, blanks and marks between thousands.

/** A number with decimals; null where there is none. */
export function decimalOf(text: string): number | null {
  const bare = text.replace(/\s/g, '').replace(',', '.');
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : null;
}

/** A whole number, with or without marks between thousands; null where there is none. */
export function wholeOf(text: string): number | null {
  const bare = text.replace(/\s/g, '');
  return /^\d+$|^\d{1,3}([.,’']\d{3})+$/.test(bare) ? Number(bare.replace(/\D/g, '')) : null;
}

export const isWithin = (value: number | null, least: number, most: number): boolean => value !== null && value >= least && value <= most;

/** A number as somebody would type it in a language; nothing where there is none. */
export const typedIn = (language: string, value: number | null | undefined): string =>
  value == null ? '' : String(value).replace('.', language === 'de' ? ',' : '.');
