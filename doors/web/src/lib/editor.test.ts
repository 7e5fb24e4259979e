// Correcting a reading: what is open belongs to undo, and is not lost where another tool is taken.
import { expect, test } from 'vitest';
import type { Point } from '../api.ts';
import { Editor, Hand } from './editor.svelte.ts';
import { press, restPen } from './pen.ts';

/** An editor with a polygon open that has so many corners. */
function withCorners(...corners: Point[]): Editor {
  const editor = new Editor('photograph', 'reading', [], new Hand());
  editor.choose('polygon');
  editor.pen = restPen('area');
  for (const at of corners) editor.pen = press(editor.pen, at, 5).pen;
  return editor;
}

test('undo takes back corner by corner, then the correction before', () => {
  const editor = withCorners([0, 0], [50, 0]);
  editor.drawn([[0, 0], [9, 0], [9, 9]]);
  expect(editor.marks).toHaveLength(1);
  editor.undo();
  editor.undo();
  expect(editor.pen.draft).toEqual([]);
  expect(editor.marks).toHaveLength(1);
  editor.undo();
  expect(editor.marks).toEqual([]);
  expect(editor.canUndo).toBe(false);
});

test('the tool in hand outlives the reading', () => {
  const hand = new Hand();
  new Editor('photograph', 'first', [], hand).choose('polygon');
  const second = new Editor('photograph', 'second', [], hand);
  expect(second.tool).toBe('polygon');
  expect(second.pen.shape).toBe('area');
});

test('another tool closes an open area, which undo takes back', () => {
  const editor = withCorners([0, 0], [50, 0], [50, 50]);
  editor.choose('brush');
  expect(editor.marks).toEqual([{ kind: 'area', side: 'inside', outline_px: [[0, 0], [50, 0], [50, 50]] }]);
  expect(editor.pen.draft).toEqual([]);
  editor.undo();
  expect(editor.marks).toEqual([]);
});

test('moving the picture leaves an area open', () => {
  const editor = withCorners([0, 0], [50, 0], [50, 50]);
  editor.choose('move');
  editor.choose('polygon');
  expect(editor.marks).toEqual([]);
  expect(editor.pen.draft).toHaveLength(3);
});

test('two corners are no area', () => {
  const editor = withCorners([0, 0], [50, 0]);
  editor.choose('lasso');
  expect(editor.marks).toEqual([]);
});

test('an area that is none yet waits for its tool', () => {
  const editor = withCorners([0, 0], [50, 0]);
  editor.choose('ruler');
  editor.pen = press(editor.pen, [7, 7], 5).pen;
  editor.choose('polygon');
  expect(editor.pen.draft).toEqual([[0, 0], [50, 0]]);
  expect(editor.waiting.map((pen) => pen.draft)).toEqual([[[7, 7]]]);
});

test('redo brings back corrections, then corners, as undo took them', () => {
  const editor = withCorners([0, 0], [50, 0]);
  editor.drawn([[0, 0], [9, 0], [9, 9]]);
  for (let i = 0; i < 3; i += 1) editor.undo();
  expect(editor.canRedo).toBe(true);
  editor.redo();
  expect(editor.marks).toHaveLength(1);
  expect(editor.pen.draft).toEqual([]);
  editor.redo();
  editor.redo();
  expect(editor.pen.draft).toEqual([[0, 0], [50, 0]]);
  expect(editor.canRedo).toBe(false);
});
