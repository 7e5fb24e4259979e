// The first load with nothing kept: how long until the page can be used, and how much goes over the wire. A guard, not a goal.
import type { Page } from 'playwright-core';
import { step, url } from './browser.ts';

const USABLE_MS = 1000;
const WIRE_KB = 500;

/** On a page that was never opened before; `isAlone`: nothing runs beside it, so that its time counts. */
export async function firstLoad(page: Page, isAlone: boolean): Promise<void> {
  await step(page, 'first load', async () => {
    await page.goto(url());
    await page.getByRole('heading', { level: 1 }).waitFor();
    const { ms, bytes } = await page.evaluate(() => {
      const sent = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind) as PerformanceResourceTiming[]);
      return { ms: performance.now(), bytes: sent.reduce((sum, one) => sum + one.transferSize, 0) };
    });
    const kb = bytes / 1000;
    console.log(`       usable after ${ms.toFixed(0)} ms, ${kb.toFixed(0)} kB`);
    if (isAlone && ms > USABLE_MS) throw new Error(`the page was usable after ${ms.toFixed(0)} ms; ${USABLE_MS} are allowed`);
    if (kb > WIRE_KB) throw new Error(`the first load took ${kb.toFixed(0)} kB; ${WIRE_KB} are allowed`);
  });
}
