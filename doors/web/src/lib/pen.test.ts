// Drawing: what each shape asks for, and when it is done.
import { expect, test } from 'vitest';
import type { Point } from '../api.ts';
import { drag, dropped, finish, press, release, restPen, withLast, withoutLast, type Pen, type Shape } from './pen.ts';

const presses = (shape: Shape, places: Point[]) => {
  let pen: Pen = restPen(shape);
  let finished: readonly Point[] | null = null;
  for (const at of places) ({ pen, finished } = press(pen, at, 5));
  return { pen, finished };
};

test('a free line is what was dragged', () => {
  let pen = press(restPen('free'), [0, 0], 5).pen;
  pen = drag(drag(drag(pen, [0.5, 0], 1), [3, 0], 1), [6, 0], 1);
  expect(release(pen).finished).toEqual([[0, 0], [3, 0], [6, 0]]);
  expect(release(pen).pen).toEqual(restPen('free'));
});

test('a tap with the brush is a dot', () => {
  expect(release(press(restPen('free'), [4, 4], 5).pen).finished).toEqual([[4, 4]]);
});

test('an area closes at its first corner, not before three', () => {
  expect(presses('area', [[0, 0], [50, 0], [1, 1]]).finished).toBeNull();
  expect(presses('area', [[0, 0], [50, 0], [50, 50], [1, 1]]).finished).toEqual([[0, 0], [50, 0], [50, 50]]);
});

test('a line ends where it is tapped twice', () => {
  expect(presses('line', [[0, 0], [50, 0], [51, 1]]).finished).toEqual([[0, 0], [50, 0]]);
  expect(presses('line', [[0, 0], [1, 1]]).finished).toBeNull();
});

test('a ruler needs two places, a hair one', () => {
  expect(presses('two', [[0, 0]]).finished).toBeNull();
  expect(presses('two', [[0, 0], [9, 0]]).finished).toEqual([[0, 0], [9, 0]]);
  expect(presses('one', [[7, 7]]).finished).toEqual([[7, 7]]);
});

test('too short is not finished; the last corner can be taken back', () => {
  const { pen } = presses('area', [[0, 0], [50, 0], [50, 50]]);
  expect(finish(withoutLast(pen)).finished).toBeNull();
  expect(finish(pen).finished).toHaveLength(3);
});

test('nothing is drawn without pressing', () => {
  expect(release(drag(restPen('free'), [1, 1], 0)).finished).toBeNull();
});

test('corners that were taken back come again, until a new one is set', () => {
  const { pen } = presses('area', [[0, 0], [50, 0], [50, 50]]);
  const two = withoutLast(withoutLast(pen));
  expect(withLast(withLast(two))).toEqual(pen);
  expect(withLast(pen)).toBe(pen);
  expect(withLast(press(two, [9, 30], 5).pen).draft).toEqual([[0, 0], [9, 30]]);
});

test('dropped corners come again, a dropped stroke does not', () => {
  const { pen } = presses('line', [[0, 0], [50, 0], [90, 9]]);
  expect(dropped(pen).draft).toEqual([]);
  expect(withLast(withLast(withLast(dropped(pen))))).toEqual(pen);
  expect(dropped(press(restPen('free'), [4, 4], 5).pen)).toEqual(restPen('free'));
});
