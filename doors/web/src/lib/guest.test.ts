// A client's link: its secret leaves the address, its questions are all asked, what was said last is sent again.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, type Answers, type CheckQuestion, type OpenedLink } from '../api.ts';
import { ApiError } from '../http.ts';
import { session } from '../session.svelte.ts';
import { GROUPS, goesOn, questionsOf, sheetOf } from './intake.ts';
import { COUNTED, DECIDING, judged, openIn, QUESTION_WORDS } from './questions.ts';
import { routeOf, secretIn } from './routes.ts';
import { answersOf, unanswered } from './telling.ts';

const tab = new Map<string, string>();
const browser = new Map<string, string>();
const storage = (of: Map<string, string>) => ({
  getItem: (key: string) => of.get(key) ?? null,
  setItem: (key: string, text: string) => of.set(key, text),
  removeItem: (key: string) => of.delete(key),
});
const answer = vi.spyOn(api, 'answerByLink');
let known: Answers = {};

beforeEach(() => {
  vi.useFakeTimers();
  known = {};
  tab.clear();
  browser.clear();
  vi.stubGlobal('sessionStorage', storage(tab));
  vi.stubGlobal('localStorage', storage(browser));
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.spyOn(session, 'refresh').mockResolvedValue();
  vi.spyOn(api, 'openedLink').mockImplementation(async () => ({ answers: known }) as OpenedLink);
  answer.mockImplementation(async (_secret, { answers }) => {
    known = { ...known, ...answers } as Answers;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test.each([
  ['#/with/abc123', 'abc123'],
  ['#/with/abc123/', 'abc123'],
  ['#/with', null],
  ['#/with/', null],
  ['#/clients/abc', null],
])('the secret in %s is %s, and no part of the route', (hash, secret) => {
  expect(secretIn(hash)).toBe(secret);
  expect(JSON.stringify(routeOf(hash))).not.toContain('abc123');
});

test('the address loses the secret, and the browser does not keep it', async () => {
  const replaced = vi.fn();
  vi.stubGlobal('location', { hash: '#/with/abc123' });
  vi.stubGlobal('history', { replaceState: replaced });
  const { router } = await import('../route.svelte.ts');
  const { guestLink } = await import('./guest.svelte.ts');
  expect(replaced).toHaveBeenCalledWith(null, '', '#/with');
  expect(router.route).toEqual({ page: 'with' });
  expect(guestLink.link?.secret).toBe('abc123');
  expect(browser.size).toBe(0);
  guestLink.take('other');
  expect(guestLink.link).toEqual({ secret: 'other', number: 2 });
});

test('the groups ask every question once, in order', () => {
  expect(GROUPS.flatMap(questionsOf)).toEqual(QUESTION_WORDS);
});

test('it goes on at the first open question', () => {
  const scar = Object.fromEntries(questionsOf('scar').map((word) => [word, true]));
  expect([goesOn({}), goesOn(scar)]).toEqual([0, 1]);
  expect(goesOn(Object.fromEntries(QUESTION_WORDS.map((word) => [word, true])))).toBe(GROUPS.length);
});

test('own words are nobody\'s duty, and no rule reads them', () => {
  const all = Object.fromEntries(COUNTED.map((word) => [word, true]));
  expect([openIn(all), goesOn(all)]).toEqual([0, GROUPS.length]);
  expect(judged({ hopes: 'short hair', anything_else: 'x', diabetes: true })).toEqual({ diabetes: true });
});

test('the sun is asked about, and leaves no verdict open', () => {
  expect(COUNTED).toContain('sun_hat');
  expect(openIn(Object.fromEntries(DECIDING.map((word) => [word, true])), DECIDING)).toBe(0);
  expect(DECIDING.filter((word) => word.startsWith('sun') && word !== 'sunburn')).toEqual([]);
});

test('what could not be sent goes again, over what was said elsewhere', async () => {
  answer.mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
  const sheet = sheetOf({ secret: 's', number: 1 }, {});
  sheet.set('diabetes', true);
  await vi.advanceTimersByTimeAsync(0);
  expect([sheet.unsent, tab.size, browser.size]).toEqual([1, 1, 0]);
  known = { diabetes: false };
  await vi.advanceTimersByTimeAsync(5000);
  expect(known).toEqual({ diabetes: true });
  expect([sheet.unsent, tab.size, sheet.error]).toEqual([0, 0, null]);
});

test('a link that was closed is not tried again by itself', async () => {
  answer.mockRejectedValue(new ApiError(401, 'link_closed', ''));
  const sheet = sheetOf({ secret: 's', number: 1 }, {});
  sheet.set('diabetes', true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(answer).toHaveBeenCalledTimes(1);
  expect(sheet.unsent).toBe(1);
});

test('an answer is taken back', async () => {
  const sheet = sheetOf({ secret: 's', number: 1 }, { diabetes: true });
  sheet.set('diabetes', null);
  await vi.advanceTimersByTimeAsync(0);
  expect(answer).toHaveBeenCalledWith('s', { answers: { diabetes: null } });
  expect(sheet.answers).toEqual({});
});

test('a check-in is whole when every question has an answer, and says them in their kinds', () => {
  const questions = ([['pain', 'scale'], ['redness', 'choice'], ['hives', 'yes_no']] as const).map(
    ([id, kind]): CheckQuestion => ({ id, kind, text: {}, choices: [] }),
  );
  expect(unanswered(questions, { pain: '0' }).map(({ id }) => id)).toEqual(['redness', 'hives']);
  const chosen = { pain: '0', redness: 'same', hives: 'no' };
  expect(unanswered(questions, chosen)).toEqual([]);
  expect(answersOf(questions, chosen)).toEqual({ pain: 0, redness: 'same', hives: false });
});
