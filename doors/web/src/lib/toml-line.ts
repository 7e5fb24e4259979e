// The line of a text that trouble is about: the one that it names, or that of the entry that it names.

/** From 1; null where nothing is named that can be found. */
export function lineOfTrouble(code: string, message: string, toml: string): number | null {
  const lines = toml.split('\n');
  const named = Number(/\bline (\d+)/.exec(message)?.[1] ?? 0);
  if (named) return Math.min(named, lines.length);
  if (code === 'old_text_version') return found(lines, /^\s*version\s*=/, 0);
  return lineOfField(/^[\w.[\]]+(?= is )/.exec(message)?.[0] ?? '', lines);
}

/** Such as `countries[3].years`, counted from 0. */
function lineOfField(field: string, lines: readonly string[]): number | null {
  const parts = field.split('.');
  let at = 0;
  let table = '';
  for (const part of parts) {
    const [, name = '', index] = /^(\w+)(?:\[(\d+)\])?$/.exec(part) ?? [];
    if (index === undefined) {
      const end = nextTable(lines, at, table);
      return found(lines.slice(0, end), new RegExp(`^\\s*${name}\\s*=`, 'i'), at) ?? (at || null);
    }
    table = table ? `${table}.${name}` : name;
    const head = new RegExp(`^\\s*\\[\\[\\s*${table.replaceAll('.', '\\.')}\\s*\\]\\]`, 'i');
    for (let k = 0; k <= Number(index); k += 1) {
      const next = found(lines, head, at);
      // A list within a line has no tables of its own.
      if (next === null) return k === 0 ? found(lines, new RegExp(`^\\s*${name}\\s*=`, 'i'), at) ?? (at || null) : at || null;
      at = next;
    }
  }
  return at || null;
}

/** The first line from `from` on, which is an index. */
function found(lines: readonly string[], pattern: RegExp, from: number): number | null {
  const index = lines.findIndex((line, k) => k >= from && pattern.test(line));
  return index < 0 ? null : index + 1;
}

/** Where the entry that begins before `at` ends: an index. */
function nextTable(lines: readonly string[], at: number, table: string): number {
  const own = new RegExp(`^\\s*\\[\\s*${table.replaceAll('.', '\\.')}\\.`, 'i');
  const next = lines.findIndex((line, k) => k >= at && /^\s*\[/.test(line) && !(table && own.test(line)));
  return next < 0 ? lines.length : next;
}
