// An answer in words.
import { expect, test } from 'vitest';
import type { CheckQuestion } from '../api.ts';
import { inWords } from './telling.ts';

const question: CheckQuestion = { id: 'redness', kind: 'choice', text: {}, choices: [{ id: 'less', text: { en: 'less than before' } }] };
const said = (answer: boolean | number | string | undefined) => inWords(question, answer, { yes: 'Yes', no: 'No' }, (text) => text.en ?? '');

test('every kind', () => {
  expect([true, false, 0, 'less', 'other', undefined].map(said)).toEqual(['Yes', 'No', '0', 'less than before', 'other', '']);
});
