// Both languages say the same things: the same keys, the same places to fill in, nothing empty.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import de from './messages/de.json';
import en from './messages/en.json';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();

test('the same keys in the same order', () => {
  expect(Object.keys(de)).toEqual(Object.keys(en));
});

test('no key is there twice', () => {
  for (const language of ['en', 'de']) {
    const text = readFileSync(new URL(`./messages/${language}.json`, import.meta.url), 'utf8');
    const keys = [...text.matchAll(/^ {2}"([^"]+)":/gm)].map(([, key]) => key);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  }
});

test('every message fills in the same and says something', () => {
  const keys = Object.keys(en) as (keyof typeof en)[];
  const uneven = keys.filter((key) => String(places(de[key])) !== String(places(en[key])));
  const silent = keys.filter((key) => !de[key].trim() || !en[key].trim());
  expect({ uneven, silent }).toEqual({ uneven: [], silent: [] });
});
