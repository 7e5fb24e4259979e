// German for what the engine and the server say in English: a sentence by code, without numbers. Their own words stay beside it.
import type { Caveat, Weight } from '../api.ts';
import ofCaveats from '../messages/caveats.de.json';
import ofErrors from '../messages/errors.de.json';
import ofRules from '../messages/rules.de.json';

export type Told = {
  key: string;
  weight: Weight;
  /** Which photographs it is said of, where two are held against one another. */
  of: readonly ('before' | 'after')[];
  found: string;
  remedy: string;
  /** Set where it is not in the language of the page. */
  lang: 'en' | undefined;
  /** The engine's own words, where `found` and `remedy` are not them. */
  own: string[];
};

type Text = { found: string; remedy?: string };
const caveats: Record<string, Text> = ofCaveats;
const errors: Record<string, string> = ofErrors;
const rules: Record<string, string> = ofRules;

/** Where the text of a caveat stands: one weight of a code may have its own. */
const keyOf = ({ code, weight }: Caveat): string | undefined => [`${code}.${weight}`, code].find((key) => key in caveats);

/** As the pipeline says which photograph a caveat of a reading is about. */
const OF = /^(before)?(?: and )?(after)?: /i;
const photographsOf = ({ message }: Caveat): Told['of'] => {
  const [, before, after] = OF.exec(message) ?? [];
  return [...(before ? ['before' as const] : []), ...(after ? ['after' as const] : [])];
};

export const asSaid = ({ weight, message, remedy }: Caveat, index: number): Told => ({
  key: String(index), weight, of: [], found: message, remedy, lang: undefined, own: [],
});

/** Caveats of one German text are one; it weighs as much as the first of them. */
export function inGerman(said: readonly Caveat[]): Told[] {
  const told = new Map<string, Told>();
  for (const [index, caveat] of said.entries()) {
    const key = keyOf(caveat);
    const text = key === undefined ? undefined : caveats[key];
    if (key === undefined || !text) {
      told.set(String(index), { ...asSaid(caveat, index), lang: 'en' });
      continue;
    }
    const { weight, of, own } = told.get(key) ?? { weight: caveat.weight, of: [], own: [] };
    const both = [...of, ...photographsOf(caveat)];
    told.set(key, {
      key, weight, found: text.found, remedy: text.remedy ?? '', lang: undefined,
      of: (['before', 'after'] as const).filter((one) => both.includes(one)),
      own: [...new Set([...own, `${caveat.message} ${caveat.remedy}`.trim()])],
    });
  }
  return [...told.values()];
}

export const ruleInGerman = (text: string): string | undefined => rules[text];
export const errorInGerman = (code: string): string | undefined => errors[code];
