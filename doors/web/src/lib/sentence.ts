/** Errors of the engine go on after a colon (as the command line prints them): here they stand alone. What begins with the name of a setting or a file stays as it is. */
export const asSentence = (text: string): string => text.replace(/^[a-z]+(?=[\s,;:])/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
