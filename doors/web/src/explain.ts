// An error in words for the person at the screen.
import { ApiError } from './http.ts';
import { known, t } from './words.svelte.ts';

export function explain(error: unknown): string {
  if (error instanceof ApiError) return known(`error.${error.code}`) ?? error.message;
  return t('error.unexpected');
}
