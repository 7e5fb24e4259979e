// Two people change one thing: the server keeps both versions, and the person chooses.
import { ApiError } from '../http.ts';
import type { Key } from '../words.svelte.ts';

/** Both versions, line by line. */
export type Conflicting = {
  rows: { label: Key; theirs: string; yours: string }[];
  takeYours: () => Promise<void>;
};

type Save<T extends object> = {
  labels: Partial<Record<keyof T, Key>>;
  send: (said: T & { version: number }) => Promise<unknown>;
  /** The same once more, over a version that somebody else made. */
  over: (version: number) => Promise<void>;
  /** As it is shown to a person. */
  told?: (of: T) => Partial<Record<keyof T, unknown>>;
};

/** Saves a change of a version; where somebody else was faster, gives both for the person to choose. Any other trouble goes on. */
export async function saved<T extends object>(fields: T, version: number, { labels, send, over, told = (of) => of }: Save<T>): Promise<Conflicting | null> {
  try {
    await send({ ...fields, version });
    return null;
  } catch (trouble) {
    const theirs = theirsOf<T & { version: number }>(trouble);
    return { rows: rowsOf(labels, told(theirs), told(fields)), takeYours: () => over(theirs.version) };
  }
}

/** What stands by now; trouble of any other kind goes on. */
function theirsOf<T>(trouble: unknown): T {
  if (!(trouble instanceof ApiError && trouble.code === 'changed_meanwhile')) throw trouble;
  return (trouble.body as { theirs: T }).theirs;
}

/** The lines of two versions. */
function rowsOf<T extends object>(labels: Partial<Record<keyof T, Key>>, theirs: Partial<Record<keyof T, unknown>>, yours: Partial<Record<keyof T, unknown>>): Conflicting['rows'] {
  const said = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  return Object.entries(labels).map(([part, label]) => ({
    label: label as Key,
    theirs: said(theirs[part as keyof T]),
    yours: said(yours[part as keyof T]),
  }));
}
