// What differs between two texts: nothing is lost, and nothing is told that does not differ.
import { expect, test } from 'vitest';
import { difference, pieces } from './difference.ts';

const signs = { same: ' ', added: '+', removed: '−' };
const told = (before: string, after: string) => difference(before, after).map(({ kind, text }) => signs[kind] + text);

test('the same text has no difference, whatever ends its lines', () => {
  expect(told('a\nb\n', 'a\r\nb')).toEqual([' a', ' b']);
});

test.each([
  ['a\nb\nc', 'a\nB\nc', [' a', '−b', '+B', ' c']],
  ['a\nc', 'a\nb\nc', [' a', '+b', ' c']],
  ['a\nb\nc', 'a\nc', [' a', '−b', ' c']],
  ['a\na', 'a\na\na', [' a', ' a', '+a']],
  ['a\nb\nc\nd', 'b\nx\nd', ['−a', ' b', '−c', '+x', ' d']],
  ['', 'a', ['−', '+a']],
])('%j and %j', (before, after, lines) => {
  expect(told(before, after)).toEqual(lines);
});

test('both texts can be made from it again, with their lines counted', () => {
  const [before, after] = ['one\ntwo\nthree\nfour', 'zero\none\nthree\nfour\nfive'];
  const changes = difference(before, after);
  const without = (kind: string) => changes.filter((change) => change.kind !== kind);
  expect(without('added').map(({ text }) => text).join('\n')).toBe(before);
  expect(without('removed').map(({ text }) => text).join('\n')).toBe(after);
  expect(without('removed').map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  expect(changes.find(({ kind }) => kind === 'removed')).toEqual({ kind: 'removed', text: 'two', line: 2 });
});

test('texts that are too long for it are told as one and not lost', () => {
  const many = (word: string) => Array.from({ length: 2500 }, (_, k) => `${word} ${k}`).join('\n');
  const changes = difference(`head\n${many('a')}\nfoot`, `head\n${many('b')}\nfoot`);
  expect([changes.length, changes[0]?.kind, changes[1]?.kind, changes.at(-2)?.kind, changes.at(-1)?.text]).toEqual([5002, 'same', 'removed', 'added', 'foot']);
});

test('only what is near a change is shown', () => {
  const lines = Array.from({ length: 30 }, (_, k) => `line ${k + 1}`);
  const after = lines.map((line) => (line === 'line 3' || line === 'line 20' ? `${line}!` : line));
  const shown = pieces(difference(lines.join('\n'), after.join('\n')));
  expect(shown.map((piece) => [piece[0]?.line, piece.at(-1)?.line])).toEqual([[1, 5], [18, 22]]);
  expect(pieces(difference('a', 'a'))).toEqual([]);
});
