// Two people change one thing: the server keeps both versions, and the person chooses.
import { ApiError } from '../http.ts';
import type { Key } from '../words.svelte.ts';

/** Both versions, line by line. */
export type Conflicting = {
  rows: { label: Key; theirs: string; yours: string }[];
  takeYours: () => Promise<void>;
};

/** What stands by now, where somebody else was faster; any other trouble goes on. */
export function theirsOf<T>(trouble: unknown): T {
  if (!(trouble instanceof ApiError && trouble.code === 'changed_meanwhile')) throw trouble;
  return (trouble.body as { theirs: T }).theirs;
}

/** The lines of two versions. */
export function rowsOf<T extends object>(labels: Partial<Record<keyof T, Key>>, theirs: T, yours: Partial<T>): Conflicting['rows'] {
  const said = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  return Object.entries(labels).map(([part, label]) => ({
    label: label as Key,
    theirs: said(theirs[part as keyof T]),
    yours: said(yours[part as keyof T]),
  }));
}
