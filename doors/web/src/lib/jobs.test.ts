// A job that is followed: over a break of the stream, over a sign-out, and where it is gone.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, type Account, type Job } from '../api.ts';
import { ApiError } from '../http.ts';
import { session } from '../session.svelte.ts';
import { JobWatch } from './jobs.svelte.ts';

const job = (state: Job['state']) => ({ id: 'j', state, share: 0 }) as Job;

beforeEach(() => {
  vi.useFakeTimers();
  // a stream that breaks at once, as if the studio was restarted
  vi.stubGlobal('EventSource', class {
    onerror: (() => void) | null = null;
    constructor() {
      setTimeout(() => this.onerror?.());
    }
    close() {}
  });
});
afterEach(() => {
  session.interrupted = null;
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('it is asked for again until it is over', async () => {
  vi.spyOn(api, 'job').mockRejectedValueOnce(new ApiError(0, 'unreachable', '')).mockResolvedValueOnce(job('running')).mockResolvedValue(job('done'));
  const followed = new JobWatch().follow(job('running'));
  await vi.advanceTimersByTimeAsync(3000);
  expect((await followed)?.state).toBe('done');
});

test('while nobody is signed in nothing is asked; then it goes on', async () => {
  const asked = vi.spyOn(api, 'job').mockImplementationOnce(() => {
    session.interrupted = {} as Account;
    return Promise.reject(new ApiError(401, 'signed_out', ''));
  }).mockResolvedValue(job('done'));
  const watch = new JobWatch();
  const followed = watch.follow(job('running'));
  await vi.advanceTimersByTimeAsync(9000);
  expect(asked).toHaveBeenCalledTimes(1);
  session.interrupted = null;
  await vi.advanceTimersByTimeAsync(1000);
  expect((await followed)?.state).toBe('done');
  expect(watch.error).toBeNull();
});

test('one that is gone is said to be, and does not run for ever', async () => {
  vi.spyOn(api, 'job').mockRejectedValue(new ApiError(404, 'missing', ''));
  const watch = new JobWatch();
  const done = vi.fn();
  const run = watch.run(() => Promise.resolve(job('running')), done);
  await vi.advanceTimersByTimeAsync(1000);
  await run;
  expect(watch.running).toBe(false);
  expect(watch.error).toBeInstanceOf(ApiError);
  expect(done).not.toHaveBeenCalled();
});

test('a second start while one begins does nothing', async () => {
  const start = vi.fn(() => Promise.resolve(job('done')));
  const watch = new JobWatch();
  await Promise.all([watch.run(start, () => {}), watch.run(start, () => {})]);
  expect(start).toHaveBeenCalledTimes(1);
});
