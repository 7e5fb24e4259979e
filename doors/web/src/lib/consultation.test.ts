// What was made although its answer was lost is not made once more.
import { beforeEach, expect, test, vi } from 'vitest';
import { api, type Case, type Client, type Visit } from '../api.ts';
import { ApiError } from '../http.ts';
import { beginConsultation } from './consultation.ts';

let cases: Case[];
const begin = () => beginConsultation('client', 'Strip scar', ['old']);
const addCase = vi.spyOn(api, 'addCase');
const addVisit = vi.spyOn(api, 'addVisit');
const lost = new ApiError(0, 'unreachable', '');

beforeEach(() => {
  cases = [{ id: 'old', title: 'Strip scar', visits: [] as Visit[] } as Case];
  vi.spyOn(api, 'client').mockImplementation(async () => ({ cases: structuredClone(cases) }) as Client);
  addCase.mockImplementation(async (_, { title }) => {
    const made = { id: `case ${cases.length}`, title, visits: [] as Visit[] } as Case;
    cases.push(made);
    return structuredClone(made);
  });
  addVisit.mockImplementation(async (id) => {
    const visit = { id: `visit of ${id}`, photographs: [] as Visit['photographs'] } as Visit;
    cases.find((one) => one.id === id)?.visits.push(visit);
    return visit;
  });
});

test('a case and a visit are made, although an older case is called the same', async () => {
  expect(await begin()).toEqual({ case: 'case 1', visit: 'visit of case 1' });
});

test.each([['case', addCase], ['visit', addVisit]])('a %s whose answer was lost is used by the next try', async (_, add) => {
  const make = add.getMockImplementation() as (...said: unknown[]) => Promise<never>;
  add.mockImplementationOnce(async (...said: unknown[]) => {
    await make(...said);
    throw lost;
  });
  await expect(begin()).rejects.toBe(lost);
  expect(await begin()).toEqual({ case: 'case 1', visit: 'visit of case 1' });
  expect(cases.map((one) => one.visits.length)).toEqual([0, 1]);
});

test('what holds a photograph was made by somebody else', async () => {
  cases.push({ id: 'theirs', title: 'Strip scar', visits: [{ id: 'v', photographs: [{ id: 'p' }] }] } as Case);
  expect((await begin()).case).toBe('case 2');
});
