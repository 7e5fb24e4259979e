// Both languages say the same things: the same keys, the same places to fill in, nothing empty.
import { expect, test } from 'vitest';
import de from './messages/de.json';
import en from './messages/en.json';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();

test('the same keys in the same order', () => {
  expect(Object.keys(de)).toEqual(Object.keys(en));
});

test('every message fills in the same and says something', () => {
  const keys = Object.keys(en) as (keyof typeof en)[];
  const uneven = keys.filter((key) => String(places(de[key])) !== String(places(en[key])));
  const silent = keys.filter((key) => !de[key].trim() || !en[key].trim());
  expect({ uneven, silent }).toEqual({ uneven: [], silent: [] });
});
