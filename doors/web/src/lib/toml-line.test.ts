// The line that trouble is about.
import { expect, test } from 'vitest';
import { lineOfTrouble } from './toml-line.ts';

const toml = `format = "stipple/consents/1"
version = 1

[[consents]]
purpose = "treatment"

[[consents.clauses]]
id = "a"
text = "…"

[[consents]]
purpose = "data"

[[consents.clauses]]
id = "b"

[[consents.clauses]]
id = "c"
text = ""
[consents.clauses.words]
en = "x"
`;

test.each([
  ['bad_own_text', 'Consents cannot be understood at line 5: …; correct it or make the file again.', 5],
  ['bad_own_text', 'Consents cannot be understood at line 500: …', 22],
  ['bad_own_text', 'Consents[1].clauses[1].text is 0 bytes; needed: 1 to 2000 bytes of text; correct it.', 19],
  ['bad_own_text', 'Consents[1].clauses[1].en is x; needed: …', 21],
  ['bad_own_text', 'Consents[0].clauses[0].source is x; needed: …', 7],
  ['bad_own_text', 'Version is -1; needed: …', 2],
  ['bad_own_text', 'Rules[7].id is x; needed: an id used once; correct it.', null],
  ['old_text_version', 'The version in the text is 1; what stands has 2. Raise it.', 2],
  ['ours', 'It did not work.', null],
])('%s: %s', (code, message, line) => {
  expect(lineOfTrouble(code, message, toml)).toBe(line);
});
