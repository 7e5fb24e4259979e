// Both languages say the same things: the same keys, the same places to fill in, nothing empty.
import { expect, test } from 'vitest';
import de from './messages/de.json';
import en from './messages/en.json';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();

test('the same keys in the same order', () => {
  expect(Object.keys(de)).toEqual(Object.keys(en));
});

test.each(Object.keys(en) as (keyof typeof en)[])('%s fills in the same and says something', (key) => {
  expect(places(de[key])).toEqual(places(en[key]));
  expect(de[key].trim() && en[key].trim()).not.toBe('');
});
