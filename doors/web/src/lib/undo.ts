// Undo and redo without end: a list of steps and how many of them stand.

export type History<Step> = { readonly steps: readonly Step[]; readonly standing: number };

export function begin<Step>(steps: readonly Step[] = []): History<Step> {
  return { steps, standing: steps.length };
}

/** Adds a step; what was undone before is gone. */
export function add<Step>(history: History<Step>, step: Step): History<Step> {
  return begin([...history.steps.slice(0, history.standing), step]);
}

export function undo<Step>(history: History<Step>): History<Step> {
  return { ...history, standing: Math.max(0, history.standing - 1) };
}

export function redo<Step>(history: History<Step>): History<Step> {
  return { ...history, standing: Math.min(history.steps.length, history.standing + 1) };
}

export function standing<Step>(history: History<Step>): readonly Step[] {
  return history.steps.slice(0, history.standing);
}

/** What a key asks for, where it is one of undo and redo. */
export function stepOf({ key, ctrlKey, metaKey, shiftKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): 'undo' | 'redo' | null {
  const letter = key.toLowerCase();
  if (!ctrlKey && !metaKey) return null;
  if (letter === 'y' || (letter === 'z' && shiftKey)) return 'redo';
  return letter === 'z' ? 'undo' : null;
}
