// The words of the application in the reader's language. A key that German lacks is a compile error; parity is tested too.
import de from './messages/de.json';
import en from './messages/en.json';
import { timeIn } from './lib/day.ts';
import { keep, kept } from './lib/keep.ts';
import { formatMeasured, formatNumber } from './lib/numbers.ts';
import type { Measured } from './api.ts';

export type Key = keyof typeof en;
export type Language = 'en' | 'de';

const messages: Record<Language, Record<Key, string>> = { en, de };
const preferred = (): Language => {
  const own = kept<Language>('language');
  if (own === 'en' || own === 'de') return own;
  return navigator.language.startsWith('de') ? 'de' : 'en';
};

class Words {
  language = $state<Language>(preferred());

  speak(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
    keep('language', language);
  }
}

export const words = new Words();

type Values = Record<string, string | number>;

/** In a language of its own, such as that of a page that is handed to a client. */
export function tIn(language: Language, key: Key, values: Values = {}): string {
  return messages[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const t = (key: Key, values: Values = {}): string => tIn(words.language, key, values);

/** What the server says in several languages; in English where it lacks this one. */
export const spoken = (text: Record<string, string>): string => text[words.language] ?? text.en ?? '';

/** A message for a word that the server sends, if there is one. */
export function known(key: string): string | null {
  return key in messages.en ? messages[words.language][key as Key] : null;
}

export const number = (value: number, decimals = 0): string => formatNumber(words.language, value, decimals);
/** With as many decimals as it has, at most two. */
export const exact = (value: number): string => new Intl.NumberFormat(words.language, { maximumFractionDigits: 2 }).format(value);
export const measured = (value: Measured): string => formatMeasured(words.language, value);

export function day(date: string): string {
  return new Intl.DateTimeFormat(words.language, { dateStyle: 'medium' }).format(timeIn(date));
}

export function month(date: string): string {
  return new Intl.DateTimeFormat(words.language, { month: 'long', year: 'numeric' }).format(timeIn(date));
}

export function hour(time: string): string {
  return new Intl.DateTimeFormat(words.language, { timeStyle: 'short' }).format(new Date(time));
}

export function moment(time: string): string {
  return new Intl.DateTimeFormat(words.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}
