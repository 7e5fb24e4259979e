// What differs between two texts, line by line.

export type Change = { kind: 'same' | 'added' | 'removed'; text: string; /** In the text after; where it was removed, in the one before. From 1. */ line: number };

/** Cells of the table of the longest lines in common; beyond, what lies between the first and the last line that differ is told as one. */
const CELLS_MAX = 4_000_000;

export const linesOf = (text: string): string[] => text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');

/** Every line of both, in order: what was removed stands before what was added in its place. */
export function difference(before: string, after: string): Change[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;

  const same = (from: number, to: number): Change[] => b.slice(from, to).map((text, k) => ({ kind: 'same', text, line: from + k + 1 }));
  const between = middle(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [
    ...same(0, start),
    ...between.map((change) => ({ ...change, line: change.line + start })),
    ...same(b.length - end, b.length),
  ];
}

function middle(a: readonly string[], b: readonly string[]): Change[] {
  const width = b.length + 1;
  /** At i, j: how many lines the rest of both has in common. */
  const common = (a.length + 1) * width > CELLS_MAX ? null : new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common?.[i * width + j] ?? 0;
  for (let i = a.length - 1; common && i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [was, is] = [a[i], b[j]];
    if (common && was !== undefined && was === is) {
      changes.push({ kind: 'same', text: was, line: j + 1 });
      i += 1;
      j += 1;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ kind: 'removed', text: was, line: i + 1 });
      i += 1;
    } else {
      changes.push({ kind: 'added', text: is ?? '', line: j + 1 });
      j += 1;
    }
  }
  return changes;
}

/** What changed with a few lines around, in pieces that do not touch. */
export function pieces(changes: readonly Change[], around = 2): Change[][] {
  const found: Change[][] = [];
  let last = -1;
  for (const [index, change] of changes.entries()) {
    const near = changes.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same');
    if (!near) continue;
    if (index !== last + 1 || !found.length) found.push([]);
    found.at(-1)?.push(change);
    last = index;
  }
  return found;
}
