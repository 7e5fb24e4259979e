// What this browser keeps for itself: drafts that must outlive an empty battery, the look, the language. Never a name, never a picture (see unsent.ts).

const key = (name: string) => `stipple.${name}`;

export function kept<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(key(name));
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), JSON.stringify(value));
  } catch {
    // because a browser in private mode or without room must not stop the work
  }
}
