/** Under this name it is remembered that a recovery key was made here and nobody said that it is on paper. */
export const UNPRINTED = 'key.unprinted';
