// Undo without end, redo until something new is done.
import { expect, test } from 'vitest';
import { add, begin, redo, standing, undo } from './undo.ts';

test('a thousand steps go back one by one and forth again', () => {
  let history = begin<number>();
  for (let i = 0; i < 1000; i += 1) history = add(history, i);
  for (let i = 0; i < 1000; i += 1) history = undo(history);
  expect(standing(history)).toEqual([]);
  expect(undo(history)).toEqual(history);
  for (let i = 0; i < 1000; i += 1) history = redo(history);
  expect(standing(history)).toHaveLength(1000);
  expect(redo(history)).toEqual(history);
});

test('a new step after undo forgets what was undone', () => {
  const history = add(undo(add(add(begin<string>(), 'a'), 'b')), 'c');
  expect(standing(history)).toEqual(['a', 'c']);
  expect(standing(redo(history))).toEqual(['a', 'c']);
});
