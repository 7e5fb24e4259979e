// The small pure parts: numbers with their ±, addresses, the one transform, dots off the wire, SHA-256 with and without `crypto.subtle`.
import { expect, test, vi } from 'vitest';
import { timeIn, today } from './day.ts';
import { dotAt, dotsFrom } from './dots.ts';
import { formatMeasured, likelyRange } from './numbers.ts';
import { strengthOf } from './password.ts';
import { hashOf, routeOf, secretIn, type Route } from './routes.ts';
import { between, boxAround, clearOf, photoFromScreen, screenFromPhoto, seenCrop, shapedFor, squareIn, topBeside, within } from './screen.ts';
import { asSentence } from './sentence.ts';
import { sha256Of } from './sha256.ts';

test.each([
  [412.34, 18.2, 'en', '412 ± 18'],
  [0.12345, 0.0042, 'en', '0.123 ± 0.004'],
  [0.12345, 0.0012, 'de', '0,1235 ± 0,0012'],
  [1234.5, 300, 'de', '1.235 ± 300'],
  [3, 0, 'en', '3.00 ± 0.00'],
])('%d ± %d in %s', (value, standard_uncertainty, locale, text) => {
  expect(formatMeasured(locale, { value, standard_uncertainty })).toBe(text);
});

test('addresses go there and back', () => {
  const routes: Route[] = [
    { page: 'clients' },
    { page: 'client', id: 'a' },
    { page: 'case', id: 'b' },
    { page: 'book', id: 'b' },
    { page: 'recall' },
    { page: 'capture', case: 'b', visit: 'c' },
    { page: 'photograph', id: 'd', tab: 'preview' },
    { page: 'accounts' },
    { page: 'mail' },
    { page: 'clinic' },
    { page: 'publishing' },
    { page: 'texts' },
    { page: 'text', name: 'check_ins' },
    { page: 'me' },
    { page: 'recover' },
  ];
  for (const route of routes) expect(routeOf(hashOf(route))).toEqual(route);
  expect(routeOf('')).toEqual({ page: 'clients' });
  expect(routeOf('#/clients/%')).toEqual({ page: 'client', id: '%' });
  expect(routeOf('#/photographs/d')).toEqual({ page: 'photograph', id: 'd', tab: 'photo' });
});

test('the address for a client is taken apart again', () => {
  const address = new URL('http://studio:8321/#/with/ab12');
  expect([secretIn(address.hash), routeOf(address.hash)]).toEqual(['ab12', { page: 'with' }]);
});

test('screen and photograph', () => {
  const t = { scale: 0.5, left: 10, top: -20 };
  expect(screenFromPhoto(t, [100, 200])).toEqual([60, 80]);
  expect(photoFromScreen(t, [60, 80])).toEqual([100, 200]);
});

test('what is seen is cut to the photograph', () => {
  const photo = { width: 400, height: 300 };
  expect(seenCrop({ scale: 1, left: 50, top: 50 }, { width: 200, height: 100 }, photo)).toEqual([0, 0, 150, 50]);
  expect(seenCrop({ scale: 2, left: -100, top: -100 }, { width: 100, height: 100 }, photo)).toEqual([50, 50, 50, 50]);
  expect(seenCrop({ scale: 1, left: 900, top: 0 }, { width: 100, height: 100 }, photo)).toBeNull();
});

test('a box around places and a square within', () => {
  const photo = { width: 400, height: 300 };
  expect(boxAround([[100, 100], [200, 120]], photo, 0.1)).toEqual([90, 90, 120, 40]);
  expect(boxAround([[5, 100], [395, 120]], photo, 0.1)).toEqual([0, 61, 400, 98]);
  expect(boxAround([], photo, 0.1)).toBeNull();
  expect(squareIn([0, 0, 400, 300], [390, 150], 100)).toEqual([300, 100, 100, 100]);
  expect(squareIn([0, 0, 100, 50], [390, 150], 100)).toEqual([25, 0, 50, 50]);
});

test('a crop takes the shape of its window and stays on the photograph', () => {
  const photo = { width: 400, height: 300 };
  expect(shapedFor({ width: 200, height: 100 }, [300, 270, 100, 20], photo)).toEqual([300, 250, 100, 50]);
  expect(shapedFor({ width: 100, height: 200 }, [0, 100, 200, 20], photo)).toEqual([0, -50, 200, 400]);
});

test('a label stands beside the marks of simulations, never on them', () => {
  expect(topBeside([], 30, 8)).toBe(8);
  expect(topBeside([{ top: 0, height: 0 }], 30, 8)).toBe(8);
  expect(topBeside([{ top: 0, height: 40 }], 30, 8)).toBe(48);
  expect(topBeside([{ top: 500, height: 40 }], 30, 8)).toBe(8);
  expect(topBeside([{ top: 60, height: 40 }, { top: 10, height: 40 }], 30, 8)).toBe(108);
  expect(topBeside([{ top: 290, height: 40 }], 30, 8, 270)).toBe(338);
});

test('two marks never lie over each other', () => {
  const after = { top: 470, height: 30 };
  expect(clearOf({ top: 440, height: 60 }, after)).toEqual({ top: 411, height: 60 });
  expect(clearOf({ top: 0, height: 30 }, after)).toEqual({ top: 0, height: 30 });
  expect(clearOf({ top: 0, height: 60 }, { top: 0, height: 30 })).toEqual({ top: 29, height: 60 });
  expect(clearOf({ top: 411, height: 60 }, after)).toEqual({ top: 411, height: 60 });
  expect(clearOf({ top: 480, height: 0 }, after)).toEqual({ top: 480, height: 0 });
});

test('a mark stays within the window', () => {
  expect(within({ top: 490, height: 30 }, 500)).toEqual({ top: 470, height: 30 });
  expect(within({ top: -9, height: 30 }, 500)).toEqual({ top: 0, height: 30 });
});

test('the divider leaves marks free', () => {
  expect(between([], 500)).toEqual([{ top: 0, height: 500 }]);
  expect(between([{ top: 470, height: 30 }, { top: 0, height: 30 }], 500)).toEqual([{ top: 30, height: 440 }]);
  expect(between([{ top: 200, height: 30 }, { top: 230, height: 30 }], 500)).toEqual([{ top: 0, height: 200 }, { top: 260, height: 240 }]);
});

test('a day is the one that it is here', () => {
  vi.stubEnv('TZ', 'Pacific/Kiritimati');
  vi.useFakeTimers({ now: Date.parse('2026-11-28T20:00:00Z') });
  expect(today()).toBe('2026-11-29');
  expect(timeIn('2026-11-28T20:00:00Z').getDate()).toBe(29);
  expect(timeIn('2026-11-28').getDate()).toBe(28);
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test.each([
  ['nine sign', 'short'],
  ['1234567890', 'weak'],
  ['passwordpassword', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['one one one one one one', 'weak'],
  ['correct horses', 'weak'],
  ['purple fish kite', 'fair'],
  ['five grey herons at dawn', 'good'],
])('"%s" is %s', (password, strength) => {
  expect(strengthOf(password)).toBe(strength);
});

test('dots off the wire', () => {
  const view = new DataView(new ArrayBuffer(32));
  [1.5, 2.5, 3.5, 1, 4, 5, 6, 2].forEach((value, i) => view.setFloat32(4 * i, value, true));
  const dots = dotsFrom(view.buffer);
  expect(dots.count).toBe(2);
  expect(dotAt(dots, 0)).toEqual({ x: 1.5, y: 2.5, diameter: 3.5, session: 1 });
  expect(dotAt(dots, 1)).toEqual({ x: 4, y: 5, diameter: 6, session: 2 });
});

test.each([
  ['the mesh is damaged; export it anew', 'The mesh is damaged; export it anew'],
  ['a viewing distance of 9 m', 'A viewing distance of 9 m'],
  ['feather_mm is 90, 0 to 40 is needed', 'feather_mm is 90, 0 to 40 is needed'],
  ['answers.json cannot be read', 'answers.json cannot be read'],
  ['', ''],
])('"%s" alone is "%s"', (message, text) => {
  expect(asSentence(message)).toBe(text);
});

test('SHA-256 is the same with and without the browser', async () => {
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256Of(new Blob(['abc']))).toBe(known);
  vi.stubGlobal('crypto', {});
  expect(await sha256Of(new Blob(['abc']))).toBe(known);
  vi.unstubAllGlobals();
});

test('a likely range ends where a value cannot be', () => {
  expect(likelyRange({ value: 1, standard_uncertainty: 0.75 })).toEqual([0, 2.5]);
  expect(likelyRange({ value: 0.75, standard_uncertainty: 0.25 }, 1)).toEqual([0.25, 1]);
});
