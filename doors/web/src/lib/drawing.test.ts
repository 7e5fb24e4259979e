// Drawing for a plan: what was begun is never lost by taking another tool or leaving the page.
import { afterEach, expect, test, vi } from 'vitest';
import type { Point } from '../api.ts';
import { Drawing } from './drawing.svelte.ts';
import { press } from './pen.ts';

afterEach(() => vi.unstubAllGlobals());

function set(drawing: Drawing, ...corners: Point[]): void {
  for (const at of corners) drawing.pen = press(drawing.pen, at, 5).pen;
}

test('a line and an area wait for each other', () => {
  const drawing = new Drawing('photograph', () => null);
  drawing.choose('hairline');
  set(drawing, [0, 0]);
  drawing.choose('thinning');
  set(drawing, [50, 50], [90, 50]);
  expect(drawing.waiting.map((pen) => pen.draft)).toEqual([[[0, 0]]]);
  drawing.choose('move');
  drawing.choose('hairline');
  expect(drawing.pen.draft).toEqual([[0, 0]]);
  expect(drawing.waiting.map((pen) => pen.draft)).toEqual([[[50, 50], [90, 50]]]);
});

test('what was begun is there again on coming back, for this photograph alone', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  });
  const left = new Drawing('photograph', () => null);
  left.choose('thinning');
  set(left, [50, 50], [90, 50]);
  left.choose('hairline');
  const back = new Drawing('photograph', () => null);
  back.choose('thinning');
  expect(back.pen.draft).toEqual([[50, 50], [90, 50]]);
  expect(new Drawing('another', () => null).waiting).toEqual([]);
  back.pen = { ...back.pen, draft: [] };
  expect(kept.size).toBe(0);
});
