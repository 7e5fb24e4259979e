// Several photographs at once: all go, one after the other; one that is refused or dropped does not hold up the rest.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, type Account, type Job, type Photograph } from '../api.ts';
import { ApiError } from '../http.ts';
import { session } from '../session.svelte.ts';
import { outbox } from './outbox.svelte.ts';

const place = { case: 'c', visit: 'v' };
const stages = () => outbox.items.map((one) => one.stage);
const begun = vi.spyOn(api, 'beginUpload');
const finished = vi.spyOn(api, 'finishUpload');
const finish = async (id: string) => ({ job: { id: 'j', state: 'done' } as Job, photograph: { id } as Photograph });

beforeEach(() => {
  session.account = { id: 'a' } as Account;
  // an upload that is there whole as soon as it is begun
  begun.mockImplementation(async (_visit, { bytes, sha256 }) => ({ id: sha256, bytes, received: bytes }));
  finished.mockImplementation(finish);
  vi.spyOn(api, 'photograph').mockImplementation(async (id) => ({ id }) as Photograph);
});
afterEach(() => {
  outbox.drop(outbox.items);
  vi.clearAllMocks();
});

test('the next one begins once the one before has arrived', async () => {
  let arrive: () => void = () => {};
  const held = new Promise<void>((done) => (arrive = done));
  finished.mockImplementationOnce((id) => held.then(() => finish(id)));
  for (const text of ['one', 'two', 'three']) outbox.add(place, new Blob([text]));
  await vi.waitFor(() => expect(finished).toHaveBeenCalledTimes(1));
  expect(stages()).toEqual(['sending', 'queued', 'queued']);
  arrive();
  await vi.waitFor(() => expect(stages()).toEqual(['done', 'done', 'done']));
  expect(begun).toHaveBeenCalledTimes(3);
});

test('one that fails, and one that is dropped in the line, let the others go', async () => {
  begun.mockRejectedValueOnce(new ApiError(403, 'not_allowed', ''));
  for (const text of ['one', 'two', 'three']) outbox.add(place, new Blob([text]));
  outbox.drop(outbox.items.slice(1, 2));
  await vi.waitFor(() => expect(stages()).toEqual(['failed', 'done']));
  expect(begun).toHaveBeenCalledTimes(2);
});
