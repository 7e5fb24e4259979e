// What failed because the program did not answer is asked for once more: when the connection is back, or a few seconds later.
import type { ApiError } from '../http.ts';
import { hopeOf } from './upload.ts';

const AGAIN_MS = 4000;

/** Whether it is: not after other trouble, nor while somebody is asked to sign in. */
export const passes = (error: unknown): boolean => hopeOf(error) === 'wait' && (error as ApiError).status !== 401;

/** Gives what stops it. */
export function onceMore(error: unknown, act: () => void): () => void {
  if (!passes(error)) return () => {};
  const stop = () => {
    clearTimeout(timer);
    removeEventListener('online', go);
  };
  const go = () => {
    stop();
    act();
  };
  const timer = setTimeout(go, AGAIN_MS);
  addEventListener('online', go);
  return stop;
}
