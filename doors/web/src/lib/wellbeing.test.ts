// How somebody is, as it is sent.
import { expect, test } from 'vitest';
import { nothing, scoresOf } from './wellbeing.ts';

test('nothing is sent as long as one question is open', () => {
  const chosen = { noticeable: '0', satisfied: '3', confident: '10', itches: 'no', hurts: 'yes' };
  expect(scoresOf(nothing())).toBeNull();
  expect(scoresOf({ ...chosen, hurts: '' })).toBeNull();
  expect(scoresOf(chosen)).toEqual({ noticeable: 0, satisfied: 3, confident: 10, itches: false, hurts: true });
});
