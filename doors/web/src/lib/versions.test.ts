// A change that meets another one is shown beside it, and goes over it only when a person says so.
import { expect, test } from 'vitest';
import { ApiError } from '../http.ts';
import { saved } from './versions.ts';

type Fields = { title: string; note: string | null };
const mine: Fields = { title: 'Scar', note: null };
const meanwhile = new ApiError(409, 'changed_meanwhile', '', { theirs: { title: 'Strip scar', note: 'Left', version: 7 } });

const change = (sent: unknown[], trouble?: ApiError) =>
  saved(mine, 3, {
    labels: { title: 'case.title', note: 'note' },
    send: async (said) => {
      sent.push(said);
      if (trouble) throw trouble;
    },
    over: async (version) => void sent.push(version),
  });

test('what nobody else changed is saved', async () => {
  const sent: unknown[] = [];
  expect(await change(sent)).toBeNull();
  expect(sent).toEqual([{ ...mine, version: 3 }]);
});

test('both versions, and ours over theirs', async () => {
  const sent: unknown[] = [];
  const conflict = await change(sent, meanwhile);
  expect(conflict?.rows).toEqual([
    { label: 'case.title', theirs: 'Strip scar', yours: 'Scar' },
    { label: 'note', theirs: 'Left', yours: '' },
  ]);
  await conflict?.takeYours();
  expect(sent.at(-1)).toBe(7);
});

test('other trouble goes on', async () => {
  await expect(change([], new ApiError(0, 'unreachable', ''))).rejects.toBeInstanceOf(ApiError);
});
