// What stands in a consent as shown.
import { expect, test } from 'vitest';
import type { Case } from '../api.ts';
import { plansIn, shownIn } from './shown.ts';

const line = (id: string, kind: string, made_at: string) => ({ id, kind, made_at });
const one = {
  visits: [
    { photographs: [{ id: 'a', state: 'ready', records: [line('r', 'reading', '1'), line('old', 'plan', '2')] }, { id: 'b', state: 'unusable', records: [] }] },
    { photographs: [{ id: 'c', state: 'ready', records: [line('new', 'plan', '3')] }] },
  ],
} as unknown as Case;

test('ready photographs and the newest plan', () => {
  expect(shownIn(one)).toEqual({ photographs: ['a', 'c'], plan: 'new' });
  expect(plansIn(one).map(({ id }) => id)).toEqual(['new', 'old']);
  expect(shownIn({ ...one, visits: [] })).toEqual({ photographs: [], plan: null });
});
