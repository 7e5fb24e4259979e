// Runs the whole way of a consultation, then two months of one client, on a laptop and on an upright tablet, and measures the slider.
// Exits with 1 and says what failed.
import type { Page } from 'playwright-core';
import { book } from './book.ts';
import { complaints, openBrowser, openPage, visit, type Size } from './browser.ts';
import * as journey from './journey.ts';
import { sliderLatency } from './latency.ts';
import { firstLoad } from './load.ts';
import { beforeAfter } from './outcome.ts';
import { mail } from './mail.ts';
import { mistakes } from './mistakes.ts';
import { months } from './months.ts';
import { ratings } from './ratings.ts';
import { assistant } from './roles.ts';
import { erasing, interrupted, newKey, secondFactor } from './safety.ts';
import { everyTool } from './tools.ts';

const all: Size[] = [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
];
// One way alone, or one size, where they are named: `npm run e2e -- months 820x1180`.
const named = process.argv.slice(2);
const isMeant = (one: string, others: string[]) => named.includes(one) || !others.some((other) => named.includes(other));
const nameOf = ({ width, height }: Size) => `${width}x${height}`;
const sizes = all.filter((size) => isMeant(nameOf(size), all.map(nameOf)));
const browser = await openBrowser();
let failed = false;

async function consultation(page: Page, size: Size, client: string): Promise<void> {
  await firstLoad(page, size === all[0]);
  await journey.firstRun(page);
  await journey.signIn(page);
  await journey.newClient(page, client);
  await journey.photograph(page);
  await journey.reading(page);
  await everyTool(page);
  await journey.plan(page);
  if (size === all[0]) await sliderLatency(page);
  await journey.preview(page);
  await journey.report(page);
  if (size === all[0]) await assistant(page);
  await beforeAfter(page);
  await ratings(page);
  await mistakes(page);
  await journey.conflict(page);
  await book(page, client);
  await mail(page, client);
  if (size === all[0]) await secondFactor(page);
  if (size === all[0]) await newKey(page);
  if (size === all[0]) await erasing(page);
  await interrupted(page);
  await journey.otherPages(page);
}

/** One way at one size, on a page of its own. */
async function tried(size: Size, act: (page: Page) => Promise<void>): Promise<void> {
  const begun = Date.now();
  const page = await openPage(browser, size, size.width < 1000 ? { hasTouch: true, colorScheme: 'dark' } : {});
  const heard = complaints(page);
  try {
    await act(page);
  } catch (error) {
    failed = true;
    console.error(error instanceof Error ? error.message : error);
  }
  for (const complaint of heard) console.error(`  FAIL ${complaint}`);
  failed ||= heard.length > 0;
  await page.context().close();
  console.log(`       ${((Date.now() - begun) / 1000).toFixed(0)} s`);
}

const WAYS = ['consultation', 'months'];
for (const size of sizes) {
  const client = `Jonas Weber ${size.width}`;
  if (isMeant('consultation', WAYS)) {
    console.log(nameOf(size));
    visit('STIPPLE_URL');
    await tried(size, (page) => consultation(page, size, client));
  }
  if (isMeant('months', WAYS)) {
    console.log(`${nameOf(size)}, two months`);
    visit('STIPPLE_MONTHS_URL');
    await tried(size, (page) => months(page, client));
  }
}
await browser.close();
console.log(failed ? 'FAILED' : 'All steps passed.');
process.exit(failed ? 1 : 0);
