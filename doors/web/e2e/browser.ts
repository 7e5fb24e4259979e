// Debian's Chromium as these tests use it, and what every step of them needs: pictures, checks for access, clear words on failure.
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
];
export const PATIENCE_MS = 120_000;

const SETTINGS = ['STIPPLE_URL', 'STIPPLE_MONTHS_URL', 'STIPPLE_MONTHS_CLOCK', 'STIPPLE_PHOTO', 'STIPPLE_PHOTO_AFTER', 'STIPPLE_SHOTS'];

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the tests need ${SETTINGS.join(', ')}.`);
  return value;
}
let studio: 'STIPPLE_URL' | 'STIPPLE_MONTHS_URL' = 'STIPPLE_URL';
/** Which studio is meant from here on: that of the machine's clock, or the one whose clock is set by a file. */
export const visit = (which: typeof studio) => (studio = which);
export const url = () => setting(studio).replace(/\/$/, '');
/** Holds the days by which the clock of the second studio is ahead. */
export const clockFile = () => setting('STIPPLE_MONTHS_CLOCK');
export const photo = () => setting('STIPPLE_PHOTO');
/** The same scalp months later. */
export const photoAfter = () => setting('STIPPLE_PHOTO_AFTER');
export type Upload = { name: string; mimeType: string; buffer: Buffer };
/** The same picture in a file of its own, because one file is a photograph of one client on one day. */
export const fileOf = (path: string, whose: string): Upload => {
  const buffer = Buffer.concat([readFileSync(path), Buffer.from(whose)]);
  return { name: basename(path), mimeType: 'image/png', buffer };
};
/** The same scalp from a little nearer: one exposure is a photograph of one day alone. */
export async function nearer(page: Page, path: string, day: number): Promise<Upload> {
  const cut = await page.evaluate(async ([png, quality]) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const [width, height] = [picture.width, picture.height].map((side) => Math.round(0.94 * side)) as [number, number];
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality })).arrayBuffer());
    let text = '';
    for (let at = 0; at < jpeg.length; at += 8192) text += String.fromCharCode(...jpeg.subarray(at, at + 8192));
    return btoa(text);
  }, [readFileSync(path).toString('base64'), 0.95 + day / 1000] as const);
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(cut, 'base64') };
}
export const shots = () => setting('STIPPLE_SHOTS');

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

export type Size = { width: number; height: number };

export async function openPage(browser: Browser, size: Size, more: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: size, locale: 'en-US', acceptDownloads: true, ...more });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

let refusals = false;
/** While `act` runs, the server may refuse what is asked: the browser logs it, and the page is to say it. */
export async function refusing(act: () => Promise<void>): Promise<void> {
  refusals = true;
  await act().finally(() => (refusals = false));
}

/** Collects what the browser complains about: script errors and breaches of the content security policy. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(`script error: ${error.message}`));
  page.on('console', (line) => {
    const expected = refusals && /status of (422|502)/.test(line.text());
    if (line.type() === 'error' && !expected && !/status of (401|404|409)/.test(line.text())) heard.push(`console: ${line.text()} ${line.location().url}`);
  });
  return heard;
}

const taken = new Map<number, number>();

/** A picture of the page as it is, and no violations of WCAG 2.2 AA on it. */
export async function inspect(page: Page, name: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  mkdirSync(shots(), { recursive: true });
  const number = (taken.get(width) ?? 0) + 1;
  taken.set(width, number);
  await page.screenshot({ path: join(shots(), `${width}x${height}-${String(number).padStart(2, '0')}-${name}.png`) });
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  if (!violations.length) return;
  const lines = violations.map((one) => `  ${one.id}: ${one.help}\n    ${one.nodes.map((node) => node.target.join(' ')).join('\n    ')}`);
  throw new Error(`axe-core finds on "${name}" at ${width}×${height}:\n${lines.join('\n')}`);
}

/** Does one step and says which it was if it fails. */
export async function step<Value>(page: Page, name: string, act: () => Promise<Value>): Promise<Value> {
  const started = Date.now();
  try {
    const value = await act();
    console.log(`  ok   ${name} (${Date.now() - started} ms)`);
    return value;
  } catch (error) {
    console.error(`  FAIL ${name}\n${error instanceof Error ? error.message : String(error)}`);
    await page.screenshot({ path: join(shots(), `failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => undefined);
    throw new Error(`step "${name}" failed`, { cause: error });
  }
}
