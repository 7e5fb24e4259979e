// What the engine and the server say, in words for the person at the screen.
import type { Caveat, ObstacleLine, Weight } from './api.ts';
import { ApiError } from './http.ts';
import { asSaid, errorInGerman, inGerman, ruleInGerman, type Told } from './lib/german.ts';
import { asSentence } from './lib/sentence.ts';
import refusals from './messages/refusals.de.json';
import { known, t, words } from './words.svelte.ts';

/** `lang` where it is not the page's; `own` are the English words of which `text` is the German. */
export type Said = Pick<Told, 'lang' | 'own'> & { text: string };

const ORDER: Record<Weight, number> = { blocks: 0, doubt: 1, note: 2 };

/** Caveats, heaviest first. */
export function told(caveats: readonly Caveat[]): Told[] {
  const sorted = caveats.toSorted((a, b) => ORDER[a.weight] - ORDER[b.weight]);
  return words.language === 'de' ? inGerman(sorted) : sorted.map(asSaid);
}

const plain = (text: string): Said => ({ text, lang: undefined, own: [] });

function said(message: string, german: string | undefined): Said {
  if (words.language !== 'de') return plain(message);
  return german ? { text: german, lang: undefined, own: message ? [message] : [] } : { ...plain(message), lang: 'en' };
}

export function explain(error: unknown): Said {
  if (!(error instanceof ApiError)) return plain(t('error.unexpected'));
  const own = known(`error.${error.code}`);
  return own === null ? said(asSentence(error.message), errorInGerman(error.code)) : plain(own);
}

/** What a rule says; those that a clinic wrote are as it wrote them. */
export function ofRule(text: string): Said {
  const german = words.language === 'de' ? ruleInGerman(text) : undefined;
  return german ? plain(german) : said(text, undefined);
}

/** What stands between a client and a session; in English it has its days. */
export const explainObstacle = ({ code, message }: ObstacleLine): Said => said(message, errorInGerman(code));

/** What forbids showing a case to strangers. */
export function refusalSaid(text: string): Said {
  const [percent = ''] = /^\d+(?= %)/.exec(text) ?? [];
  const german = (refusals as Record<string, string>)[percent ? text.replace(percent, '{percent}') : text];
  return said(`${asSentence(text)}.`, german?.replace('{percent}', percent));
}

/** Why a job failed, or a photograph is unusable; what was kept by older programs has no code. */
export const explainWhy = ({ code, message }: { code: string | null; message: string | null }): Said =>
  said(asSentence(message ?? ''), errorInGerman(code ?? 'unusable') ?? errorInGerman('unusable'));
