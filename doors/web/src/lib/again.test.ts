// When it is looked again: on coming back, and every 20 s for whoever rests, but not for ever.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lookAgain } from './again.ts';

let page: EventTarget & { visibilityState: string };
let stop: () => void;
const look = vi.fn(() => Promise.resolve());

beforeEach(() => {
  vi.useFakeTimers();
  const view = new EventTarget();
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  for (const part of ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const) vi.stubGlobal(part, view[part].bind(view));
  stop = lookAgain(look);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

const wait = (seconds: number) => vi.advanceTimersByTimeAsync(1000 * seconds);

test('every 20 s, until nobody has been there for a quarter of an hour', async () => {
  await wait(61);
  expect(look).toHaveBeenCalledTimes(3);
  await wait(3600);
  expect(look).toHaveBeenCalledTimes(44);
});

test('not while a hand is on it, and soon after it rests', async () => {
  for (let i = 0; i < 40; i += 1) {
    dispatchEvent(new Event('pointermove'));
    await wait(1);
  }
  expect(look).not.toHaveBeenCalled();
  await wait(2);
  expect(look).toHaveBeenCalledTimes(1);
});

test('at once on coming back, once, and never while it is not seen', async () => {
  page.visibilityState = 'hidden';
  await wait(60);
  page.dispatchEvent(new Event('visibilitychange'));
  expect(look).not.toHaveBeenCalled();
  page.visibilityState = 'visible';
  page.dispatchEvent(new Event('visibilitychange'));
  dispatchEvent(new Event('focus'));
  expect(look).toHaveBeenCalledTimes(1);
  stop();
  await wait(60);
  dispatchEvent(new Event('focus'));
  expect(look).toHaveBeenCalledTimes(1);
});
