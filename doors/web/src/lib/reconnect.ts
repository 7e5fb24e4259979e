// What failed because the program did not answer is asked for once more: when the connection is back, or a few seconds later.
import type { ApiError } from '../http.ts';
import { hopeOf } from './upload.ts';

const AGAIN_MS = 4000;

/** Gives what stops it; does nothing after other trouble, or while somebody is asked to sign in. */
export function onceMore(error: unknown, act: () => void): () => void {
  if (hopeOf(error) !== 'wait' || (error as ApiError).status === 401) return () => {};
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
