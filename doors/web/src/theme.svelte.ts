// Light, dark, or as the device says.
import { keep, kept } from './lib/keep.ts';

export type Theme = 'device' | 'light' | 'dark';

class Look {
  theme = $state<Theme>('device');

  set(theme: Theme): void {
    this.theme = theme;
    if (theme === 'device') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    keep('theme', theme);
  }
}

export const look = new Look();
look.set(kept<Theme>('theme') ?? 'device');
