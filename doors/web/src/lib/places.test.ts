// Places that rules are listed for.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasRule, PLACE, placeName, placesIn } from './places.ts';

const shipped = readFileSync(new URL('../../../../sources/care/retention.toml', import.meta.url), 'utf8');

test('every place of the shipped rules once, each with a name', () => {
  const places = placesIn(shipped);
  expect(places).toContain('AT');
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  expect(places.filter((place) => !new RegExp(`^${PLACE}$`).test(place))).toEqual([]);
  expect(places.filter((place) => placeName(place, 'de').endsWith(place.split('-').at(-1) ?? ''))).toEqual([]);
});

test('names, and letters where there is none', () => {
  expect(placeName('AT', 'de')).toBe('Österreich');
  expect(placeName('US-OR', 'en')).toBe('United States: Oregon');
  expect(placeName('US-CA', 'en')).toBe('United States: CA');
  expect(placeName('a place', 'en')).toBe('a place');
});

test('a state has the rules of its country too', () => {
  expect(['US-OR', 'us-ca', 'FR'].map((place) => hasRule(['US', 'AT'], place))).toEqual([true, true, false]);
});
