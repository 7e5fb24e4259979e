// What is said beside a number bears upon it; every caveat of a reading is either beside some number or about all of them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Caveat, Weight } from '../api.ts';
import type { Reading, Scar } from '../generated/results.ts';
import { doubtsOf, scarFigures, skinFigures } from './figures.ts';

const caveats = readFileSync(new URL('../../../../model/src/caveat.rs', import.meta.url), 'utf8');
const codes = [...caveats.matchAll(/ = "((?:color|photo|scale|light|skin|hair|scar)\.\w+)",/g)].map(([, code]) => code);
/** About the photograph, or about what follows from a reading. */
const GENERAL = [
  'photo.several_frames', 'photo.damaged', 'photo.unreadable', 'photo.partly_skin',
  'skin.chromophores_unsure', 'skin.chromophores_unmeasured', 'hair.color_unmeasured', 'scar.none', 'scar.red',
];
const reading = { hair: {}, skin: {}, photo: {} } as Reading;
const figures = [...scarFigures({} as Scar), ...skinFigures(reading)];
const labels = (code: string, weight: Weight = 'doubt') =>
  figures.filter((figure) => doubtsOf(figure, [{ code, weight } as Caveat]).length).map(({ label }) => label);

test('every code is somewhere, and no other', () => {
  const beside = figures.flatMap(({ doubts }) => doubts.map((code) => code.replace(/\.(note|doubt|blocks)$/, '')));
  expect([...new Set([...beside, ...GENERAL])].toSorted()).toEqual(codes.toSorted());
  expect(beside.filter((code) => GENERAL.includes(code))).toEqual([]);
});

test('a doubt stands beside what it makes unsure, and nowhere else', () => {
  expect(labels('skin.tone_unsure')).toEqual(['figure.ita']);
  expect(labels('light.no_neutral')).toEqual(['figure.ita', 'figure.redness_around']);
  expect(labels('hair.few')).toEqual(['figure.hair_inside', 'figure.hair_around', 'figure.hair_density']);
  expect(labels('scar.unmeasured')).toEqual(['figure.color_difference', 'figure.redness', 'figure.texture']);
  expect(labels('scale.card_partial')).not.toContain('figure.color_difference');
  expect(labels('photo.partly_skin')).toEqual([]);
});

test('little shine is left out of colors; only much of it hides hair', () => {
  expect(labels('photo.shine', 'note')).not.toContain('figure.hair_density');
  expect(labels('photo.shine', 'doubt')).toContain('figure.hair_density');
});
