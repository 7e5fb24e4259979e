// What a new session begins with, and what is sent of it.
import { expect, test } from 'vitest';
import type { SessionDone, TestResult } from '../api.ts';
import { byDay, densityOf, draftOf, nextDraft, testedBefore, textOf, unusualIn } from './session-draft.ts';

const say = (value: number) => String(value).replace('.', ',');
const known = { today: '2027-03-01', practitioner: 'Mara Lind', plan: 'plan', tested: null, say };

const done = (over: Partial<SessionDone>): SessionDone => ({
  id: 'a', day: '2027-01-10', written_at: '2027-01-10T10:00:00Z', corrected: false, struck: null, without_consent: false, practitioner: 'Mara Lind', qualification: 'course', room: '2',
  machine: 'M', needle: '3RL', pigments: [{ product: 'Gray', lot: 'L1', expires: '2027-02-01', water_parts: 2.5 }], depth_mm: [0.3, 0.5],
  zones: [{ name: 'Crown', dots: 900, area_mm2: 1250.5, passes: 2 }], pain: 3, bleeding: 'pinpoint', ...over,
});

test('the first session knows the day, the practitioner and the plan alone', () => {
  const draft = nextDraft([], known);
  expect(draft).toMatchObject({ day: '2027-03-01', practitioner: 'Mara Lind', plan: 'plan', machine: '', pain: '', bleeding: '' });
  expect([draft.pigments.length, draft.zones.length]).toEqual([1, 1]);
});

test('the next begins as the last one that stands; bottle, dots and pain are asked anew', () => {
  const sessions = [done({ id: 'a' }), done({ id: 'b', day: '2027-02-10', machine: 'wrong', corrected: true })];
  const draft = nextDraft(sessions, known);
  expect(draft).toMatchObject({ machine: 'M', needle: '3RL', qualification: 'course', shallow: '', pain: '', bleeding: '' });
  expect(draft.pigments).toEqual([{ product: 'Gray', lot: 'L1', expires: '', water: '2,5' }]);
  expect(draft.zones).toEqual([{ name: 'Crown', dots: '', area: '1250,5', passes: '1' }]);
  expect(nextDraft(sessions, { ...known, practitioner: 'Another' }).qualification).toBe('');
});

test('a correction holds all that stood there, and goes there and back', () => {
  const { id, written_at, corrected, struck, without_consent, ...text } = done({});
  expect(textOf(draftOf(text, say), id)).toEqual({
    ...text, deviations: '', adverse: '', despite: '', despite_test: '', other_skin: '', is_test: false, plan: null, plan_session: null, corrects: id,
  });
  expect([written_at, corrected, struck, without_consent]).toEqual(['2027-01-10T10:00:00Z', false, null, false]);
});

test('nothing is sent as long as a number or a choice is open', () => {
  const whole = draftOf(done({}), say);
  expect(textOf({ ...whole, pain: '' }, null)).toBeNull();
  expect(textOf({ ...whole, bleeding: '' }, null)).toBeNull();
  expect(textOf({ ...whole, deep: 'half' }, null)).toBeNull();
  expect(textOf(whole, null)).not.toBeNull();
});

test('a number of a session is sent with its plan only', () => {
  const draft = { ...draftOf(done({}), say), plan_session: '2' };
  expect(textOf(draft, null)).toMatchObject({ plan: null, plan_session: null });
  expect(textOf({ ...draft, plan: 'p' }, null)).toMatchObject({ plan: 'p', plan_session: 2 });
});

test('the last day first', () => {
  expect(byDay([done({ id: 'a' }), done({ id: 'b', day: '2027-02-10' })]).map(({ id }) => id)).toEqual(['b', 'a']);
});

test('how dense a zone becomes', () => {
  expect(densityOf({ name: '', dots: '1.200', area: '600', passes: '' })).toBe(200);
  expect(densityOf({ name: '', dots: '', area: '600', passes: '' })).toBeNull();
  expect(densityOf({ name: '', dots: '5', area: '0', passes: '' })).toBeNull();
});

test('what the protocol has otherwise is said', () => {
  const protocol = { deepest_mm: 0.5, interval_days: 28 };
  const draft = { ...draftOf(done({}), say), day: '2027-02-01' };
  expect(unusualIn(draft, [], protocol, { corrects: null, tested: null })).toEqual([]);
  expect(unusualIn({ ...draft, deep: '1,2', bleeding: 'more' }, [done({})], protocol, { corrects: null, tested: null })).toEqual(['deep', 'bled', 'soon']);
  expect(unusualIn(draft, [done({ id: 'a' })], protocol, { corrects: 'a', tested: null })).toEqual([]);
});

test('test dots decide pigment and depth of what follows', () => {
  const dots = done({ id: 'old', day: '2027-01-01', is_test: true, corrected: true });
  const again = done({ id: 'new', day: '2027-01-02', is_test: true, corrects: 'old' });
  const used = { product: 'gray', water_parts: 4, depth_mm: [0.3, 0.4] as [number, number] };
  const said = (over: Partial<TestResult>): TestResult => ({ id: 'r', session: 'old', of: 'new', day: '2027-02-01', decision: 'go_on', used, note: '', written_at: '', ...over });
  const sessions = [dots, again];
  expect(testedBefore('2027-02-02', sessions, [said({})])).toEqual(used);
  expect(testedBefore('2027-01-31', sessions, [said({})])).toBeNull();
  expect(testedBefore('2027-02-02', sessions, [said({ of: null }), said({ decision: 'stop', used: null })])).toBeNull();
  const draft = nextDraft(sessions, { ...known, tested: used });
  expect(draft).toMatchObject({ shallow: '0,3', deep: '0,4', pigments: [{ product: 'gray', lot: 'L1', expires: '', water: '4' }] });
  const protocol = { deepest_mm: 0.5, interval_days: 28 };
  const told = (over: Partial<typeof draft>) => unusualIn({ ...draft, ...over }, sessions, protocol, { corrects: null, tested: used });
  expect([told({}), told({ deep: '0,45' }), told({ pigments: [{ product: 'Gray', lot: 'L1', expires: '', water: '5' }] })]).toEqual([[], ['tested'], ['tested']]);
});
