// Places of the law on keeping records: countries as ISO 3166 names them, and states of one, such as US-OR.

/** States of the shipped list; their names are the same in every language of the page. */
const STATES: Record<string, string> = {
  'US-AZ': 'Arizona', 'US-MI': 'Michigan', 'US-OR': 'Oregon', 'US-SD': 'South Dakota', 'US-TN': 'Tennessee',
};

export const PLACE = '[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?';

/** Places that a text of rules names, each once. */
export const placesIn = (toml: string): string[] =>
  [...new Set([...toml.matchAll(/^\s*country\s*=\s*["']([^"']+)["']/gm)].map(([, code]) => code ?? ''))];

/** Whether a rule is there for a place, or for the country of a state. */
export const hasRule = (listed: readonly string[], place: string): boolean =>
  [place, place.split('-')[0] ?? ''].some((code) => listed.includes(code.toUpperCase()));

/** What a place is called; its letters where it has no name. */
export function placeName(code: string, language: string): string {
  const [country = '', state] = code.split('-');
  const name = nameOf(country, language);
  return state ? `${name}: ${STATES[code] ?? state}` : name;
}

function nameOf(country: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: 'region' }).of(country) ?? country;
  } catch {
    // because the text is the clinic's own: what it names need be no country
    return country;
  }
}
