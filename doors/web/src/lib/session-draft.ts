// A session as it is typed: what is known before it is filled in, and what is sent.
import type { Bleeding, SessionDone, SessionText, TestResult, TestUsed } from '../api.ts';
import { decimalOf, wholeOf } from './typed.ts';

export type Pigment = { product: string; lot: string; expires: string; water: string };
export type Zone = { name: string; dots: string; area: string; passes: string };
export type Draft = {
  day: string;
  practitioner: string;
  qualification: string;
  room: string;
  machine: string;
  needle: string;
  pigments: Pigment[];
  shallow: string;
  deep: string;
  zones: Zone[];
  pain: string;
  bleeding: Bleeding | '';
  deviations: string;
  adverse: string;
  despite: string;
  despite_test: string;
  other_skin: string;
  is_test: boolean;
  plan: string;
  plan_session: string;
};
/** `tested`: what test dots decided. */
export type Known = { today: string; practitioner: string; plan: string | null; tested: TestUsed | null; say: (value: number) => string };

export const noPigment = (): Pigment => ({ product: '', lot: '', expires: '', water: '' });
export const noZone = (): Zone => ({ name: '', dots: '', area: '', passes: '1' });
const standing = (sessions: readonly SessionDone[]) => sessions.filter((one) => !one.corrected);
export const byDay = (sessions: readonly SessionDone[]): SessionDone[] =>
  sessions.toSorted((a, b) => b.day.localeCompare(a.day) || b.written_at.localeCompare(a.written_at));

/** All that stands in a session. */
export function draftOf(of: SessionText, say: Known['say']): Draft {
  const [shallow = 0, deep = 0] = of.depth_mm;
  const said = (value: number | null | undefined) => (value == null ? '' : say(value));
  return {
    day: of.day,
    practitioner: of.practitioner,
    qualification: of.qualification ?? '',
    room: of.room ?? '',
    machine: of.machine ?? '',
    needle: of.needle ?? '',
    pigments: of.pigments.map((one) => ({ product: one.product, lot: one.lot, expires: one.expires ?? '', water: said(one.water_parts) })),
    shallow: say(shallow),
    deep: say(deep),
    zones: of.zones.map((one) => ({ name: one.name, dots: String(one.dots), area: say(one.area_mm2), passes: String(one.passes) })),
    pain: String(of.pain),
    bleeding: of.bleeding,
    deviations: of.deviations ?? '',
    adverse: of.adverse ?? '',
    despite: of.despite ?? '',
    despite_test: of.despite_test ?? '',
    other_skin: of.other_skin ?? '',
    is_test: of.is_test ?? false,
    plan: of.plan ?? '',
    plan_session: said(of.plan_session),
  };
}

const empty = (): Omit<Draft, 'day' | 'practitioner' | 'plan'> => ({
  qualification: '', room: '', machine: '', needle: '', pigments: [noPigment()], shallow: '', deep: '', zones: [noZone()],
  pain: '', bleeding: '', deviations: '', adverse: '', despite: '', despite_test: '', other_skin: '', is_test: false, plan_session: '',
});

/** A new session: tools, pigments and zones as last time, pigment and depth as test dots decided; what has to be looked at anew (the bottle's last day, dots, pain) is open. */
export function nextDraft(sessions: readonly SessionDone[], { today, practitioner, plan, tested, say }: Known): Draft {
  const now = { day: today, practitioner, plan: plan ?? '' };
  const last = byDay(standing(sessions))[0];
  if (!last) return { ...empty(), ...now };
  const { room, machine, needle, pigments, zones, qualification } = draftOf(last, say);
  return {
    ...empty(),
    ...now,
    qualification: last.practitioner === practitioner ? qualification : '',
    room,
    machine,
    needle,
    pigments: (tested ? asTested(pigments, tested, say) : pigments).map((one) => ({ ...one, expires: '' })),
    ...(tested ? { shallow: say(tested.depth_mm[0] ?? 0), deep: say(tested.depth_mm[1] ?? 0) } : {}),
    zones: zones.map((one) => ({ ...one, dots: '', passes: '1' })),
  };
}

const folded = (text: string) => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();

function asTested(pigments: readonly Pigment[], { product, water_parts }: TestUsed, say: Known['say']): Pigment[] {
  const lot = pigments.find((one) => folded(one.product) === folded(product))?.lot ?? '';
  return [{ product, lot, expires: '', water: water_parts == null ? '' : say(water_parts) }];
}

/** The last word about test dots. */
export const wordOf = (test: SessionDone, results: readonly TestResult[]): TestResult | null => results.find((one) => one.of === test.id) ?? null;

/** What the last test dots before a day decided that sessions use. */
export function testedBefore(day: string, sessions: readonly SessionDone[], results: readonly TestResult[]): TestUsed | null {
  const tests = byDay(standing(sessions)).filter((one) => one.is_test && one.day <= day);
  const known = results.filter((one) => one.day <= day);
  const words = tests.map((test) => wordOf(test, known));
  return words.find((word) => word !== null)?.used ?? null;
}

/** Whether a session is typed as the test dots decided, as far as it is typed. */
function isAsTested(draft: Draft, { product, water_parts, depth_mm: [least = 0, most = 0] }: TestUsed): boolean {
  const [shallow, deep] = [decimalOf(draft.shallow), decimalOf(draft.deep)];
  const sameWater = (water: string) => water_parts == null || (decimalOf(water) ?? 0) === water_parts;
  const same = draft.pigments.every((one) => !one.product.trim() || (folded(one.product) === folded(product) && sameWater(one.water)));
  return same && (shallow ?? least) >= least && (deep ?? most) <= most;
}

/** As it is sent; null as long as something is no number or not chosen. */
export function textOf(draft: Draft, corrects: string | null): SessionText | null {
  const { pain, bleeding, shallow, deep, plan, plan_session, pigments, zones, ...texts } = draft;
  const depth_mm = [decimalOf(shallow), decimalOf(deep)];
  const done = zones.map((one) => ({ name: one.name.trim(), dots: wholeOf(one.dots), area_mm2: decimalOf(one.area), passes: wholeOf(one.passes) }));
  const used = pigments.map((one) => ({
    product: one.product.trim(),
    lot: one.lot.trim(),
    expires: one.expires || null,
    water_parts: one.water.trim() ? decimalOf(one.water) : null,
  }));
  const numbers = [...depth_mm, ...done.flatMap((one) => [one.dots, one.area_mm2, one.passes])];
  if (pain === '' || bleeding === '' || numbers.includes(null)) return null;
  return {
    ...texts,
    pain: Number(pain),
    bleeding,
    depth_mm: depth_mm as [number, number],
    pigments: used,
    zones: done as SessionText['zones'],
    plan: plan || null,
    plan_session: plan ? wholeOf(plan_session) : null,
    corrects,
  };
}

/** Dots per cm² of a zone, where both numbers stand. */
export function densityOf({ dots, area }: Zone): number | null {
  const [count, mm2] = [wholeOf(dots), decimalOf(area)];
  return count === null || !mm2 ? null : (count / mm2) * 100;
}

const DAY_MS = 86_400_000;
export type Unusual = 'deep' | 'bled' | 'soon' | 'tested';

/** What the protocol has otherwise, and wants a word: nothing is refused for it. */
export function unusualIn(draft: Draft, sessions: readonly SessionDone[], ledger: { deepest_mm: number; interval_days: number }, { corrects, tested }: { corrects: string | null; tested: TestUsed | null }): Unusual[] {
  const deep = decimalOf(draft.deep);
  const day = Date.parse(draft.day);
  const others = standing(sessions).filter((one) => one.id !== corrects && !one.is_test);
  const isSoon = others.some((one) => Math.abs(day - Date.parse(one.day)) < ledger.interval_days * DAY_MS);
  return [
    ...(deep !== null && deep > ledger.deepest_mm ? (['deep'] as const) : []),
    ...(draft.bleeding === 'more' ? (['bled'] as const) : []),
    ...(isSoon ? (['soon'] as const) : []),
    ...(tested && !isAsTested(draft, tested) ? (['tested'] as const) : []),
  ];
}
