// What sliders begin with: one's own choices, else those that the newest plan was saved with, else the protocol.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, type Live, type Wish } from '../api.ts';
import { ApiError } from '../http.ts';
import { LiveSession } from './live.svelte.ts';

const protocol = { density: 1, feather_mm: 20, sessions: 3, pigment: null } as Wish;
const kept = new Map<string, string>();
const asked = vi.spyOn(api, 'asked');

async function begun(plan: string | null): Promise<Wish | null> {
  const live = new LiveSession('reading', plan ? { id: plan, made_at: '2026-03-01T10:00:00Z' } : null);
  await live.open();
  return live.wish;
}

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) });
  vi.spyOn(api, 'openLive').mockResolvedValue({ live: 'l', wish: protocol } as Live);
  asked.mockResolvedValue({ wish: { ...protocol, density: 0.7 }, answers: {} });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test('without a plan, the protocol', async () => {
  expect(await begun(null)).toEqual(protocol);
  expect(asked).not.toHaveBeenCalled();
});

test('with a plan, what it was saved with', async () => {
  expect((await begun('plan'))?.density).toBe(0.7);
  expect(kept.size).toBe(0);
});

test('what was chosen here goes before a plan', async () => {
  kept.set('stipple.wish.reading', JSON.stringify({ density: 1.2 }));
  kept.set('stipple.wish_at.reading', String(Date.parse('2026-03-01T11:00:00Z')));
  expect((await begun('plan'))?.density).toBe(1.2);
  expect(asked).not.toHaveBeenCalled();
});

test('a plan that does not tell leaves the protocol', async () => {
  asked.mockRejectedValueOnce(new ApiError(404, 'missing', ''));
  expect(await begun('plan')).toEqual(protocol);
  asked.mockResolvedValueOnce({ wish: null, answers: {} });
  expect(await begun('plan')).toEqual(protocol);
});

test('a plan that was saved later than what was chosen here is offered', async () => {
  kept.set('stipple.wish.reading', JSON.stringify({ density: 1.2 }));
  const live = new LiveSession('reading', { id: 'plan', made_at: '2026-03-01T10:00:00Z' });
  await live.open();
  expect(live.wish?.density).toBe(1.2);
  live.takeSaved();
  expect(live.wish?.density).toBe(0.7);
  expect(live.saved).toBeNull();
});

test('a plan that is saved while the sliders are open is offered once', async () => {
  const live = new LiveSession('reading', null);
  await live.open();
  const newer = { id: 'plan', made_at: '2026-03-01T10:00:00Z' };
  await live.learn(newer);
  expect([live.wish?.density, live.saved?.density]).toEqual([1, 0.7]);
  live.change({ density: 0.8 });
  await live.learn(newer);
  await live.learn({ id: 'older', made_at: '2026-02-01T10:00:00Z' });
  expect(live.saved).toBeNull();
});

test('a plan that says what is set here is no news', async () => {
  const live = new LiveSession('reading', null);
  await live.open();
  live.change({ density: 0.7 });
  await live.learn({ id: 'plan', made_at: '2026-03-01T10:00:00Z' });
  expect(live.saved).toBeNull();
});
