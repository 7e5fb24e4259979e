// What this browser keeps for itself: drafts that must outlive an empty battery, the look, the language. Never a name, never a picture (see unsent.ts).
// What belongs to a client's own link is kept as long as the tab is open, and no longer.

const START = 'stipple.';

function shelf(of: () => Storage) {
  return {
    kept<T>(name: string): T | null {
      try {
        const text = of().getItem(START + name);
        return text === null ? null : (JSON.parse(text) as T);
      } catch {
        return null;
      }
    },
    keep(name: string, value: unknown): void {
      try {
        if (value === null) of().removeItem(START + name);
        else of().setItem(START + name, JSON.stringify(value));
      } catch {
        // because a browser in private mode or without room must not stop the work
      }
    },
  };
}

export type Shelf = ReturnType<typeof shelf>;
export const inBrowser = shelf(() => localStorage);
export const inTab = shelf(() => sessionStorage);
export const { kept, keep } = inBrowser;

/** The part of a shelf whose names begin so. */
export const under = ({ kept, keep }: Shelf, start: string): Shelf => ({
  kept: (name) => kept(start + name),
  keep: (name, value) => keep(start + name, value),
});
