// Undo over "Read again": back to the reading before with its corrections, and forth until something new is drawn.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordLine } from '../api.ts';
import { keepMarks, keptMarks } from './editor.svelte.ts';
import type { Mark } from './marks.ts';
import { Turns } from './turns.svelte.ts';

const marks: Mark[] = [{ kind: 'add_hair', at: [1, 2] }, { kind: 'add_hair', at: [3, 4] }];
const choose = vi.fn(async (reading: string) => void (work.readingId = reading));
const work = { id: 'photograph', readingId: 'first', rivals: [] as RecordLine[], choose };
let turns: Turns;

/** The first reading was corrected with the marks, and the second one was made. */
beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  });
  Object.assign(work, { readingId: 'first', rivals: [] });
  turns = new Turns(work);
  keepMarks(work.id, 'first', marks);
  turns.made('second', 'first');
  work.readingId = 'second';
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test('a reading takes its corrections along; undo brings both back, redo takes the newer one again', async () => {
  expect(keptMarks(work.id, 'first')).toEqual([]);
  await turns.undo();
  expect([work.readingId, keptMarks(work.id, 'first')]).toEqual(['first', marks]);
  expect(turns.before).toBeNull();
  await turns.redo(marks);
  expect([work.readingId, keptMarks(work.id, 'first')]).toEqual(['second', []]);
  await turns.undo();
  expect(keptMarks(work.id, 'first')).toEqual(marks);
});

test('what is drawn on the reading before is another way, and what waits there stays', async () => {
  keepMarks(work.id, 'first', marks.slice(1));
  await turns.undo();
  expect(keptMarks(work.id, 'first')).toEqual(marks.slice(1));
  expect(turns.after(marks.slice(1))).toBeNull();
});

test("while somebody else's reading waits for a choice, nothing is chosen by a key", async () => {
  work.rivals = [{ id: 'third' } as RecordLine];
  await turns.undo();
  expect(choose).not.toHaveBeenCalled();
});

test('where somebody chose meanwhile it is told, and nothing stays behind', async () => {
  choose.mockRejectedValueOnce(new Error('chosen'));
  await turns.undo();
  expect(turns.error).toEqual(new Error('chosen'));
  expect(keptMarks(work.id, 'first')).toEqual([]);
});
