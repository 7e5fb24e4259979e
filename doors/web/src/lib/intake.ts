// The questions of a link, a few at a time, and where somebody goes on who left them.
import { api, type Answer, type Answers } from '../api.ts';
import { session } from '../session.svelte.ts';
import { shelfOf, type Link } from './guest.svelte.ts';
import { under } from './keep.ts';
import { COUNTED, openIn, QUESTION_WORDS, type Question } from './questions.ts';
import { Sheet, withNew } from './sheet.svelte.ts';

/** In the order of the questions: what each group begins with. */
const BEGINS = {
  scar: 'scar_date',
  skin: 'open_wound',
  earlier: 'previous_smp',
  hair: 'hair_color',
  you: 'birth_date',
  health: 'immunosuppressed',
  life: 'outdoor_work',
  hope: 'hopes',
} as const satisfies Record<string, Question>;

export type Group = keyof typeof BEGINS;
export const GROUPS = Object.keys(BEGINS) as Group[];

export function questionsOf(group: Group): Question[] {
  const after = GROUPS[GROUPS.indexOf(group) + 1];
  const end = after ? QUESTION_WORDS.indexOf(BEGINS[after]) : QUESTION_WORDS.length;
  return QUESTION_WORDS.slice(QUESTION_WORDS.indexOf(BEGINS[group]), end);
}

/** Where to go on: the first group with an open question, or the end. */
export function goesOn(answers: Answers): number {
  const open = GROUPS.findIndex((group) => openIn(answers, questionsOf(group).filter((word) => COUNTED.includes(word))) > 0);
  return open === -1 ? GROUPS.length : open;
}

/** What a client says last stands: nobody knows better. */
export function sheetOf(link: Link, first: Answers): Sheet {
  let known = first;
  return new Sheet(
    {
      shelf: under(shelfOf(link), 'answers.'),
      may: () => true,
      last: true,
      look: async () => {
        // because a page that was left open may have lost its token
        await session.refresh();
        known = (await api.openedLink(link.secret)).answers;
        return known;
      },
      send: async (added: Record<string, Answer | null>) => {
        await api.answerByLink(link.secret, { answers: added });
        known = withNew(known, added);
        return known;
      },
    },
    first,
  );
}
