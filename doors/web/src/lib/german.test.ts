// Every word for programs that the engine and the server know has its German, and no German is of a word that they do not know.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Caveat, Weight } from '../api.ts';
import de from '../messages/de.json';
import caveats from '../messages/caveats.de.json';
import errors from '../messages/errors.de.json';
import rulesInGerman from '../messages/rules.de.json';
import { inGerman } from './german.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, word]) => word ?? '');
const sorted = (words: Iterable<string>) => [...new Set(words)].toSorted();

const WEIGHTS: Weight[] = ['note', 'doubt', 'blocks'];
const codes = all(read('model/src/caveat.rs'), /^ {4}\w+ = "([a-z]+\.[a-z_]+)",$/gm);

function codesOfErrors(): string[] {
  const folder = 'doors/server/src/';
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rs'));
  const named = files.flatMap((name) => all(read(folder + name), /(?:unusable\(\s*|\bcode: )"(\w+)"/g));
  const coded = [`${folder}error.rs`, 'pipeline/src/error.rs'].flatMap((path) => all(read(path), /=> "(\w+)"/g));
  return [...named, ...coded];
}

test('every caveat, and only they', () => {
  expect(codes.length).toBeGreaterThan(60);
  const ofOneWeight = codes.flatMap((code) => WEIGHTS.map((weight) => `${code}.${weight}`));
  expect(sorted(codes.filter((code) => !(code in caveats)))).toEqual([]);
  expect(Object.keys(caveats).filter((key) => !codes.includes(key) && !ofOneWeight.includes(key))).toEqual([]);
});

test('every error of the server once, and only they', () => {
  const known = codesOfErrors();
  expect(known.length).toBeGreaterThan(40);
  const inBoth = Object.keys(de).flatMap((key) => (key.startsWith('error.') ? [key.slice('error.'.length)] : []));
  const ofServer = inBoth.filter((code) => code !== 'unreachable' && code !== 'unexpected');
  expect([...Object.keys(errors), ...ofServer].toSorted()).toEqual(sorted(known));
});

test('every deed of a client\'s trail has its words', () => {
  const folder = 'doors/server/src/';
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rs'));
  const named = files.flatMap((name) => all(read(folder + name), /(?:Deed::new\(|\baction: |\b(?:ERASED|CLOSED|UNMEASURED): &str = |\{ |(?:Sent|Withdrawal|_) => )"(\w+\.(?!html)\w+)"/g));
  // what a job makes
  const made = all(read(`${folder}jobs.rs`), /\.keep\(task, "(\w+)"/g).map((kind) => `${kind}.made`);
  const ofClinic = /^(?!clinic\.changed$)(account|clinic|feed|password|recovery_key|round|second_factor)\./;
  const said = Object.keys(de).flatMap((key) => (/^trail\.\w+\.\w+$/.test(key) ? [key.slice('trail.'.length)] : []));
  expect(said.toSorted()).toEqual(sorted([...named, ...made].filter((action) => !ofClinic.test(action))));
});

test('every text of the rules that are shipped, and only they', () => {
  const rules = read('sources/rules/rules.toml');
  const texts = all(rules, /^text = "(.*)"$/gm);
  const alternatives = all(rules, /^alternatives = \[(.*)\]$/gm).flatMap((line) => all(line, /"([^"]*)"/g));
  const own = all(read('steps/assess/src/assess.rs'), /^const [A-Z_]+: &str =\s*"([^"]*)";/gm).map((text) => text.replaceAll(/\\\n\s*/g, ''));
  expect(own.length).toBe(5);
  expect(sorted([...texts, ...alternatives, ...own])).toEqual(sorted(Object.keys(rulesInGerman)));
});

test('no word has two texts', () => {
  for (const path of ['errors.de.json', 'caveats.de.json', 'rules.de.json', 'de.json', 'en.json']) {
    const text = read(`doors/web/src/messages/${path}`);
    const keys = all(text, /^ {2}"([^"]+)":/gm);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  }
});

test('all are sentences', () => {
  const texts = [...Object.values(caveats).flatMap((text) => Object.values(text)), ...Object.values(errors)];
  expect(texts.filter((text) => !/^[A-ZÄÖÜ].*[.?]$/.test(text) || /\s\s|\{/.test(text))).toEqual([]);
});

const caveat = (code: string, weight: Weight, message: string, remedy = ''): Caveat => ({ code, weight, message, remedy });

test('what is one in German is told once, with all that the engine said', () => {
  const told = inGerman([
    caveat('photo.shine', 'blocks', 'After: 31 % shines.', 'Dab.'),
    caveat('photo.shine', 'note', 'Before: 3 % shines.', 'Dab.'),
    caveat('hair.few', 'doubt', '3 hairs were found.'),
    caveat('hair.few', 'doubt', '3 hairs were found.'),
  ]);
  expect(told.map(({ weight, of, own }) => ({ weight, of, own }))).toEqual([
    { weight: 'blocks', of: ['before', 'after'], own: ['After: 31 % shines. Dab.', 'Before: 3 % shines. Dab.'] },
    { weight: 'doubt', of: [], own: ['3 hairs were found.'] },
  ]);
});

test('a weight can have its own text', () => {
  const [note, blocks] = [...inGerman([caveat('plan.nothing', 'note', 'a')]), ...inGerman([caveat('plan.nothing', 'blocks', 'b')])];
  expect(note?.found).not.toBe(blocks?.found);
});

test('what has no German stays English and says so', () => {
  const told = inGerman([caveat('moon.full', 'note', 'The moon is full.', 'Wait.'), caveat('moon.full', 'note', 'Still.')]);
  expect(told.map(({ found, lang, own }) => ({ found, lang, own }))).toEqual([
    { found: 'The moon is full.', lang: 'en', own: [] },
    { found: 'Still.', lang: 'en', own: [] },
  ]);
});
