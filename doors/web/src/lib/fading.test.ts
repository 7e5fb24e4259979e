// Which plan and which course belong to an outcome, from when days are counted, and when a course is to be told anew.
import { expect, test } from 'vitest';
import type { Case, Photograph, RecordLine, Visit, VisitKind } from '../api.ts';
import { momentsOf, courseOf } from './fading.ts';

const line = (id: string, kind: RecordLine['kind'], parent: string | null, made_at: string) => ({ id, kind, parent, made_at }) as RecordLine;
const photo = (id: string, records: RecordLine[]) => ({ id, records }) as Photograph;
const visit = (day: string, kind: VisitKind, photographs: Photograph[] = []) => ({ id: day, day, kind, photographs }) as Visit;

const before = [line('reading', 'reading', null, '1'), line('old', 'plan', 'reading', '2'), line('new', 'plan', 'reading', '3')];
const caseOf = (courses: RecordLine[]) =>
  ({
    session_days: [] as string[],
    visits: [
      visit('2026-01-01', 'consultation', [photo('before', [...before, ...courses])]),
      visit('2026-02-01', 'session'),
      visit('2026-06-01', 'follow_up', [photo('after', [line('outcome', 'outcome', 'reading', '5')])]),
      visit('2026-09-01', 'session', [photo('later', [line('another', 'outcome', 'reading', '6')])]),
    ],
  }) as Case;
const hashOf = (plan: string) => Promise.resolve(`hash of ${plan}`);

test('the plan that the outcome was made with, and its newest course', async () => {
  const courses = [line('a', 'fading', 'old', '7'), line('b', 'fading', 'old', '8'), line('c', 'fading', 'new', '9')];
  const told = await courseOf(caseOf(courses), 'reading', 'hash of old', hashOf);
  expect([told?.plan.id, told?.course?.id, told?.isOutdated]).toEqual(['old', 'b', false]);
});

test('the newest plan where none is told; nothing of a reading that is gone', async () => {
  expect((await courseOf(caseOf([]), 'reading', 'another hash', hashOf))?.plan.id).toBe('new');
  expect(await courseOf(caseOf([]), 'gone', 'hash of old', hashOf)).toBeNull();
});

test('a course is outdated by any later outcome of the photographs held against the same one', async () => {
  const told = await courseOf(caseOf([line('a', 'fading', 'old', '5.5')]), 'reading', 'hash of old', hashOf);
  expect([told?.course?.id, told?.isOutdated]).toEqual(['a', true]);
});

test('days are counted from the last session before the last photograph', async () => {
  expect((await courseOf(caseOf([]), 'reading', null, hashOf))?.session).toBe('2026-02-01');
});

test('what is beyond is said of each end', () => {
  const days = { low: 365.25, likely: 730.5, high: 5479 };
  expect(momentsOf({ seen: 'later', days, on: ['2027-02-01', '2028-02-01', '2041-02-01'] })).toEqual([
    { years: 1, on: '2027-02-01', isBeyond: false },
    { years: 2, on: '2028-02-01', isBeyond: false },
    { years: 5479 / 365.25, on: '2041-02-01', isBeyond: true },
  ]);
  expect(momentsOf({ seen: 'later', days, on: null })?.[0].on).toBeNull();
  expect(momentsOf({ seen: 'today', days: null, on: null })).toBeNull();
});
