// Opens every kind of page of exported portfolios as files, on a phone and on a desktop: no violation of WCAG 2.2 AA, no complaint
// of the browser, nothing wider than the screen, nothing needed but the page itself; then compares two clinics, one of them changed.
//
// STIPPLE_SITE is what `STIPPLE_SHOW=FOLDER cargo test --workspace --test all -- a_sealed_portfolio` left; STIPPLE_SHOTS takes the
// pictures.
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { complaints, inspect, openBrowser, openPage, shots, step, type Size } from './browser.ts';

const SIZES: Size[] = [{ width: 1280, height: 800 }, { width: 390, height: 844 }];
const site = process.env.STIPPLE_SITE;
if (!site) throw new Error('STIPPLE_SITE is not set: a folder that the test a_sealed_portfolio left is needed.');

const address = (...parts: string[]) => pathToFileURL(join(site, ...parts)).href;
const files = (clinic: string): [string, string, string] => ['portfolio.json', 'files.json', 'signature.json'].map((name) => join(site, clinic, name)) as [string, string, string];

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** One page as it is, whole, and checked. */
async function look(page: Page, name: string): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  must(!wide, `${name} is wider than the screen`);
  await inspect(page, name);
  // Pictures come when they are near; a whole page wants all of them.
  await page.evaluate(() => document.querySelectorAll('img').forEach((img) => (img.loading = 'eager')));
  await page.waitForFunction(() => [...document.images].every((img) => img.complete && img.naturalWidth > 0));
  const { width } = page.viewportSize() ?? { width: 0 };
  await page.screenshot({ path: join(shots(), `${width}-${name}-whole.png`), fullPage: true });
}

async function every(page: Page, clinic: string, most: number): Promise<void> {
  const names = readdirSync(join(site!, clinic)).filter((name) => name.endsWith('.html'));
  const cases = names.filter((name) => name.startsWith('case-'));
  for (const name of [...names.filter((one) => !cases.includes(one)), ...cases.slice(0, most)]) {
    await step(page, `${clinic}/${name}`, async () => {
      await page.goto(address(clinic, name));
      await look(page, `${clinic}-${cases.includes(name) ? `case-${cases.indexOf(name)}` : name.replace('.html', '')}`);
    });
  }
}

/** axe-core asks for the style sheet once more, which the pages' own policy forbids, as it should. */
const isAxes = (line: string) => line.includes('Connecting to') && line.includes('style.css');

/** A copy with one number changed. */
function changed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stipple-changed-'));
  cpSync(join(site!, 'gate'), folder, { recursive: true });
  const path = join(folder, 'portfolio.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"treated": 57', '"treated": 60'));
  return folder;
}

async function compare(page: Page): Promise<void> {
  await page.goto(address('gate', 'compare.html'));
  const said = () => page.locator('#clinics').innerText();
  await step(page, 'two clinics hold', async () => {
    await page.locator('#files').setInputFiles(files('gate'));
    await page.locator('.compared').nth(0).waitFor();
    await page.locator('#files').setInputFiles(files('north'));
    await page.locator('.compared').nth(1).waitFor();
    const text = await said();
    must(text.split('Signature holds').length === 3, text);
    must(text.indexOf('Clinic at the Gate') < text.indexOf('North Street'), 'by name');
    must(text.includes('(few)') === false, 'neither is small without a filter');
    await look(page, 'compare-two');
  });
  await step(page, 'a filter leaves few, and says so', async () => {
    await page.locator('#scar').selectOption('linear');
    await page.waitForFunction(() => document.querySelector('#clinics')?.textContent?.includes('(few)'));
    must((await said()).includes('only cases that the clinic chose to show can be counted'), 'says what a filter leaves out');
    must((await page.locator('.strip.few').count()) > 0, 'drawn pale');
    await look(page, 'compare-few');
    await page.locator('#scar').selectOption('');
  });
  await step(page, 'a changed portfolio is told', async () => {
    await page.locator('#clear').click();
    await page.waitForFunction(() => document.querySelectorAll('.compared').length === 0);
    const folder = changed();
    await page.locator('#files').setInputFiles(['portfolio.json', 'files.json', 'signature.json'].map((name) => join(folder, name)));
    await page.locator('.compared').waitFor();
    must((await said()).includes('CHANGED: portfolio.json is not the file that was signed'), await said());
    await page.locator('#files').setInputFiles(files('north'));
    await page.locator('.compared').nth(1).waitFor();
    const text = await said();
    must(text.includes('CHANGED') && text.includes('Signature holds'), text);
    await look(page, 'compare-changed');
  });
  await step(page, 'a list that was not signed is told, and so is a missing one', async () => {
    await page.locator('#clear').click();
    const folder = changed();
    const list = join(folder, 'files.json');
    cpSync(files('gate')[0], join(folder, 'portfolio.json'));
    writeFileSync(list, `${readFileSync(list, 'utf8')}\n`);
    await page.locator('#files').setInputFiles(['portfolio.json', 'files.json', 'signature.json'].map((name) => join(folder, name)));
    await page.locator('.compared').waitFor();
    must((await said()).includes('SIGNATURE DOES NOT HOLD'), await said());
    await page.locator('#clear').click();
    await page.waitForFunction(() => document.querySelectorAll('.compared').length === 0);
    await page.locator('#files').setInputFiles(files('gate').slice(0, 1));
    await page.locator('.compared').waitFor();
    must((await said()).includes('Not checked: files.json or signature.json'), await said());
  });
  await step(page, 'a certificate of another key is told', async () => {
    await page.locator('#clear').click();
    const give = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    const [portfolio, list, signature] = files('gate').map((path) => readFileSync(path, 'utf8'));
    const seal = JSON.parse(signature!);
    const forged = JSON.stringify({ ...seal, chain: [seal.chain[1], seal.chain[1]] });
    await page.locator('#files').setInputFiles([give('portfolio.json', portfolio!), give('files.json', list!), give('signature.json', forged)]);
    await page.locator('.compared').waitFor();
    must((await said()).includes('the certificate that came with it is not of the key that signed'), await said());
  });
  await step(page, 'every count is told, what ended has ended, and counts that do not fit are left out', async () => {
    await page.locator('#clear').click();
    const portfolio = JSON.parse(readFileSync(files('gate')[0], 'utf8'));
    const give = (name: string, changes: object) => ({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...portfolio, ...changes })) });
    const counts = (changes: object) => ({ denominator: { ...portfolio.denominator, ...changes } });
    const unfit = [
      { published: 1 }, { consented: 9 }, { taken_down: 40 }, { withdrawn: 50 }, { erased: 50 }, { removed: 58 }, { followed: 20 }, { followed: 57 },
    ].map((changes, k) => give(`${k}.json`, counts(changes)));
    await page.locator('#files').setInputFiles([
      give('portfolio.json', counts({ removed: 30, erased: 15 })),
      ...unfit,
      give('told.json', { unpublished: { ...portfolio.unpublished, counted: 7 } }),
      give('twice.json', { cases: portfolio.cases.map(() => portfolio.cases[0]) }),
      give('not-agreed.json', { consented: portfolio.consented.map((_: string, k: number) => `abcdefgh${k}`) }),
    ]);
    await page.locator('.compared').waitFor();
    const text = await said();
    must((await page.locator('.compared').count()) === 1, text);
    must((await page.locator('#said').innerText()).includes('do not fit together'), 'says why');
    must(text.includes('Erased since, with all records: 15 of the treated') && text.includes('30 of the treated'), text);
    must(text.includes('First aid, issued by A rescue service, ended on 2026-06-30'), text);
    await look(page, 'compare-counts');
  });
  await step(page, 'hostile files are text or left out', async () => {
    await page.locator('#clear').click();
    const portfolio = JSON.parse(readFileSync(files('gate')[0], 'utf8'));
    portfolio.clinic = '<img src=x onerror=document.title="owned">';
    const give = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    const wrong = ['{', '[]', 'null', '{"format":"stipple/portfolio/1"}', JSON.stringify({ ...portfolio, cases: [{}] })];
    await page.locator('#files').setInputFiles([give('portfolio.json', JSON.stringify(portfolio)), ...wrong.map((text, k) => give(`${k}.json`, text))]);
    await page.locator('.compared').waitFor();
    must((await page.locator('.compared').count()) === 1, 'only what is understood');
    must((await said()).includes('<img src=x'), 'as text');
    must((await page.title()) !== 'owned' && (await page.locator('#clinics img').count()) === 0, 'not as a picture');
    must((await page.locator('#said').innerText()).includes('left out'), 'says that something was left out');
  });
}

const browser = await openBrowser();
let failed = false;
for (const size of SIZES) {
  console.log(`${size.width} × ${size.height}`);
  const page = await openPage(browser, size);
  const heard = complaints(page);
  const asked: string[] = [];
  page.on('request', (request) => { if (!/^(file|data|blob):/.test(request.url())) asked.push(request.url()); });
  try {
    for (const clinic of ['gate', 'tor', 'empty']) if (existsSync(join(site, clinic))) await every(page, clinic, 2);
    await compare(page);
    const ours = heard.filter((line) => !isAxes(line));
    must(ours.length === 0, ours.join('\n'));
    must(asked.length === 0, `asked the network for ${asked.join(', ')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error, heard.filter((line) => !isAxes(line)).join('\n'));
    failed = true;
  }
  await page.context().close();
}
await browser.close();
if (failed) process.exitCode = 1;
