// What a hand does on a page: buttons by their names, dragging.
import type { Locator, Page } from 'playwright-core';

export type Place = [number, number];

export const button = (page: Page | Locator, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

/** What opens the only visit of a kind for changing. */
export const changeOf = (page: Page, kind: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: new RegExp(kind) }) }).getByRole('button', { name: /^Change the visit/ });

export async function drag(page: Page, from: Place, to: Place): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 12 });
  await page.mouse.up();
}
