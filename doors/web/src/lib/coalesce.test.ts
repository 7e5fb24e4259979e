// Dragging: one request at a time, the newest wins, none shown out of order, a slow stale one is aborted.
import { expect, test, vi } from 'vitest';
import { Coalescer } from './coalesce.ts';

function harness(patience_ms?: number) {
  const open: { wish: number; signal: AbortSignal; answer: (value: string) => void; refuse: (error: Error) => void }[] = [];
  const shown: string[] = [];
  const failed: unknown[] = [];
  const coalescer = new Coalescer<number, string>({
    ask: (wish, signal) =>
      new Promise((answer, refuse) => {
        signal.addEventListener('abort', () => refuse(new Error('aborted')));
        open.push({ wish, signal, answer, refuse });
      }),
    show: (answer) => shown.push(answer),
    fail: (error) => failed.push(error),
    ...(patience_ms === undefined ? {} : { patience_ms }),
  });
  return { coalescer, open, shown, failed };
}
const settle = () => new Promise((done) => setTimeout(done));

test('those between are dropped, the last is always asked', async () => {
  const { coalescer, open, shown } = harness();
  for (const wish of [1, 2, 3, 4]) coalescer.want(wish);
  expect(open.map((one) => one.wish)).toEqual([1]);
  open[0]?.answer('one');
  await settle();
  expect(open.map((one) => one.wish)).toEqual([1, 4]);
  open[1]?.answer('four');
  await settle();
  expect(shown).toEqual(['one', 'four']);
});

test('a stale request that is slow is aborted, and not shown as an error', async () => {
  vi.useFakeTimers();
  const { coalescer, open, shown, failed } = harness(400);
  coalescer.want(1);
  coalescer.want(2);
  await vi.advanceTimersByTimeAsync(399);
  expect(open).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(open[0]?.signal.aborted).toBe(true);
  open[1]?.answer('two');
  await vi.advanceTimersByTimeAsync(1000);
  expect([shown, failed]).toEqual([['two'], []]);
  vi.useRealTimers();
});

test('a failure is told and the next wish is asked', async () => {
  const { coalescer, open, shown, failed } = harness();
  coalescer.want(1);
  open[0]?.refuse(new Error('no'));
  await settle();
  coalescer.want(2);
  open[1]?.answer('two');
  await settle();
  expect([failed.length, shown]).toEqual([1, ['two']]);
});

test('stop drops what waits', async () => {
  const { coalescer, open, shown } = harness();
  coalescer.want(1);
  coalescer.want(2);
  coalescer.stop();
  await settle();
  expect([open.length, shown]).toEqual([1, []]);
});
