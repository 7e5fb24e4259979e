// Everything that forbids showing a case has its German, and no German is of anything else.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import refusals from '../messages/refusals.de.json';

test('every refusal, and only they', () => {
  const source = readFileSync(new URL('../../../../steps/publish/src/may.rs', import.meta.url), 'utf8').replaceAll(/\\\n\s*/g, '');
  const said = [...source.matchAll(/#\[error\(\s*"([^"]*)"\s*\)\]/g)].map(([, text]) => text);
  expect(said.length).toBeGreaterThan(10);
  expect(Object.keys(refusals).toSorted()).toEqual(said.toSorted());
});
