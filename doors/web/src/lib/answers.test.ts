// Answers that could not be sent: they wait in this browser, go by themselves, and go over nobody else's.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, type Account, type Answers, type Case } from '../api.ts';
import { ApiError } from '../http.ts';
import { session } from '../session.svelte.ts';
import { AnswerSheet } from './answers.svelte.ts';

const stored = new Map<string, string>();
const answer = vi.spyOn(api, 'answer');
let known: Answers = {};
const one = () => ({ id: 'c', answers: known }) as Case;
const sheet = () => new AnswerSheet(one(), () => {});

beforeEach(() => {
  vi.useFakeTimers();
  stored.clear();
  known = {};
  session.account = { id: 'a', role: 'owner' } as Account;
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.spyOn(api, 'case').mockImplementation(async () => one());
  answer.mockImplementation(async (_id, { answers }) => {
    known = { ...known, ...answers } as Answers;
    return one();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

async function leftOffline(): Promise<void> {
  answer.mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
  const left = sheet();
  left.set('diabetes', true);
  await vi.advanceTimersByTimeAsync(0);
  expect(left.waits).toBe(1);
  left.stop();
}

test('while the page is open they go a few seconds later', async () => {
  answer.mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
  const open = sheet();
  open.set('diabetes', true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(known).toEqual({ diabetes: true });
  expect(open.waits).toBe(0);
  expect(stored.size).toBe(0);
});

test('after the page was left they go when it is opened again', async () => {
  await leftOffline();
  const opened = sheet();
  expect(opened.answers).toEqual({ diabetes: true });
  await opened.refresh();
  expect(known).toEqual({ diabetes: true });
  expect(stored.size).toBe(0);
});

test('what was answered elsewhere meanwhile stands until a person says otherwise', async () => {
  await leftOffline();
  known = { diabetes: false };
  const opened = new AnswerSheet(one(), () => {});
  await opened.refresh();
  expect(opened.contested).toEqual([{ question: 'diabetes', mine: true, theirs: false }]);
  expect(known).toEqual({ diabetes: false });
  opened.set('diabetes', true);
  await vi.advanceTimersByTimeAsync(0);
  expect(known).toEqual({ diabetes: true });
  expect(opened.contested).toEqual([]);
});
