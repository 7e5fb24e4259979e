// What others do to a photograph meanwhile is learned without taking anything from under a hand.
import { beforeEach, expect, test, vi } from 'vitest';
import { api, type Account, type Case, type Client, type Photograph, type RecordLine } from '../api.ts';
import { ApiError } from '../http.ts';
import { session } from '../session.svelte.ts';
import type { LiveSession } from './live.svelte.ts';
import { Work } from './photograph.svelte.ts';

const line = (id: string, parent: string | null, waiting = false) => ({ id, parent, waiting, kind: 'reading' }) as RecordLine;
const first = { id: 'p', reading: 'one', records: [line('one', null)] } as unknown as Photograph;
const asked = vi.spyOn(api, 'photograph');
const answer = (part: Partial<Photograph>) => asked.mockResolvedValue({ ...first, ...part });
let work: Work;

beforeEach(async () => {
  session.account = { role: 'practitioner' } as Account;
  vi.spyOn(api, 'record').mockImplementation(async (id: string) => ({ body: { id } }) as never);
  vi.spyOn(api, 'case').mockResolvedValue({} as Case);
  vi.spyOn(api, 'client').mockResolvedValue({} as Client);
  answer({});
  work = new Work('p');
  await work.load();
});

test('what is the same stays the same', async () => {
  const before = work.photograph;
  await work.refresh();
  expect(work.photograph).toBe(before);
});

test('a reading that waits for a choice is learned', async () => {
  answer({ records: [line('one', null), line('two', 'one', true)] });
  await work.refresh();
  expect([work.rivals.map(({ id }) => id), work.overtaken]).toEqual([['two'], false]);
});

test('a reading that took the place of the shown one is told, and shown when somebody follows', async () => {
  answer({ reading: 'two', records: [line('one', null), line('two', 'one')] });
  await work.refresh();
  expect([work.readingId, work.overtaken]).toEqual(['one', true]);
  await work.load();
  expect([work.readingId, work.overtaken]).toEqual(['two', false]);
});

test('the plan of a colleague is learned, one that was made from here is known', async () => {
  const plan = (id: string) => ({ id, parent: 'one', kind: 'plan', made_at: `2026-03-01T10:0${id}:00Z` }) as RecordLine;
  const learn = vi.fn(async () => {});
  work.live = { plan: null, learn } as unknown as LiveSession;
  answer({ records: [line('one', null), plan('1')] });
  await work.load();
  expect([work.live?.plan?.id, learn.mock.calls]).toEqual(['1', []]);
  answer({ records: [line('one', null), plan('1'), plan('2')] });
  await work.refresh();
  expect(learn.mock.calls).toEqual([[plan('2')]]);
});

test('what was asked before something was chosen here comes too late', async () => {
  const records = [line('one', null), line('two', 'one')];
  vi.spyOn(api, 'chooseReading').mockResolvedValue({ ...first, reading: 'two', records });
  let late: () => void = () => {};
  asked.mockImplementationOnce(() => new Promise((done) => (late = () => done({ ...first, bytes: 1 }))));
  const refreshed = work.refresh();
  await work.choose('two');
  late();
  await refreshed;
  expect([work.photograph?.reading, work.overtaken]).toEqual(['two', false]);
});

test('that it does not answer is no news, that it is gone is', async () => {
  asked.mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
  await work.refresh();
  expect(work.error).toBeNull();
  asked.mockRejectedValueOnce(new ApiError(404, 'missing', ''));
  await work.refresh();
  expect(work.error).toBeInstanceOf(ApiError);
});
