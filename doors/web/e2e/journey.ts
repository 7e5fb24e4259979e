// The whole way of a consultation: first run (or sign in) → new client → photograph → correct the scar → density → five years → report.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { inspect, PATIENCE_MS, photo, step, url, refusing } from './browser.ts';
import { button, drag, type Place } from './hands.ts';

export const owner = { clinic: 'Atelier am Fluss', name: 'Mara Lind', login: 'mara', password: 'five grey herons at dawn' };

/** Sets the clinic up where it is new, prints the key, and signs out again. */
export async function firstRun(page: Page): Promise<void> {
  await page.goto(url());
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (!(await page.getByLabel('Name of the clinic').isVisible())) return;
  await step(page, 'first run', async () => {
    await inspect(page, 'first-run');
    await page.getByLabel('Name of the clinic').fill(owner.clinic);
    await page.getByLabel('Your name').fill(owner.name);
    await page.getByLabel('Login').fill(owner.login);
    await page.getByLabel('Password', { exact: true }).fill('1234567890');
    await page.getByText('Easy to guess').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByText('Long enough to be hard to guess').waitFor();
    await page.getByLabel('The same password again').fill(owner.password.slice(1));
    await page.getByText('not the same yet').waitFor();
    await button(page, 'Begin').click();
    await page.getByLabel('The same password again').fill(owner.password);
    await page.getByText('not the same yet').waitFor({ state: 'detached' });
    await button(page, 'Begin').click();
    await page.getByText('Print your recovery key').waitFor();
    await inspect(page, 'recovery-key');
    await page.getByLabel('I have printed or written down the key').check();
    await button(page, 'Go on').click();
    await button(page, 'Sign out').click();
    await button(page, 'Sign in').waitFor();
  });
}

export async function signIn(page: Page): Promise<void> {
  await step(page, 'sign in', async () => {
    await page.goto(url());
    await button(page, 'Sign in').waitFor();
    await inspect(page, 'sign-in');
    await page.getByLabel('Login').fill(owner.login);
    await page.getByLabel('Password').fill('not the password');
    await button(page, 'Sign in').click();
    await page.getByText('do not belong together').waitFor();
    await signInAgain(page);
    await inspect(page, 'clients');
  });
}

/** Where the page asks to sign in. */
export async function signInAgain(page: Page): Promise<void> {
  await page.getByLabel('Login').fill(owner.login);
  await page.getByLabel('Password').fill(owner.password);
  await button(page, 'Sign in').click();
  await page.getByRole('heading', { name: 'Clients' }).waitFor();
}

export async function newClient(page: Page, name: string): Promise<void> {
  await newCase(page, name);
  await step(page, 'camera', async () => {
    await button(page, 'Use the camera').click();
    await button(page, 'Take the photograph').waitFor();
    await page.waitForTimeout(800);
    await inspect(page, 'camera');
    await button(page, 'Cancel').click();
  });
}

/** A client with the first case, up to where its photograph is added. */
export async function newCase(page: Page, name: string): Promise<void> {
  await step(page, 'new client', async () => {
    await button(page, 'New client').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Year of birth').fill('1986');
    await inspect(page, 'new-client');
    await button(page, 'Save').click();
    await page.getByRole('heading', { name }).waitFor();
    await inspect(page, 'client');
    await button(page, 'New consultation').click();
    await page.getByLabel('What is it about?').fill('Strip scar, back of the head');
    await button(page, 'On to the photograph').click();
    await page.getByRole('heading', { name: 'Add a photograph' }).waitFor();
    await inspect(page, 'capture');
  });
}

/** Somebody else changes the client while the dialog is open: both versions are shown, ours is chosen. */
export async function conflict(page: Page): Promise<void> {
  await step(page, 'conflict of two versions', async () => {
    await page.getByRole('navigation', { name: 'Where this belongs' }).getByRole('link').first().click();
    await button(page, 'Edit').click();
    await page.getByLabel('Note').fill('Prefers mornings.');
    await page.evaluate(async () => {
      const id = location.hash.split('/')[2];
      const { token } = await (await fetch('/api/state')).json();
      const client = await (await fetch(`/api/clients/${id}`)).json();
      const { version, name, born_in, contact } = client;
      await fetch(`/api/clients/${id}`, {
        method: 'PUT',
        headers: { 'X-Stipple-Token': token, 'Content-Type': 'application/json' },
        body: JSON.stringify({ version, name, born_in, contact, note: 'Prefers evenings.' }),
      });
    });
    await button(page, 'Save').click();
    await page.getByRole('columnheader', { name: 'Their version' }).waitFor();
    await inspect(page, 'conflict');
    await button(page, 'Save mine').click();
    await page.getByText('Prefers mornings.').waitFor();
    await page.getByRole('img', { name: /^Photograph of/ }).first().waitFor();
    await page.getByText('What was written before').click();
    await page.getByText('Prefers evenings.').waitFor();
    await inspect(page, 'client-with-photograph');
  });
}

/** Two files that are no photographs are refused with words, each for itself; looked at again, one is no better; then they are taken away. */
async function noPhotograph(page: Page): Promise<void> {
  await step(page, 'no photograph', async () => {
    const capture = page.url();
    const files = ['notes', 'more notes'].map((text) => ({ name: `${text}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(text) }));
    await page.locator('input[type=file]').first().setInputFiles(files);
    for (const { name } of files) {
      await page.getByRole('region', { name, exact: true }).getByRole('heading', { name: 'This photograph cannot be used' }).waitFor({ timeout: PATIENCE_MS });
    }
    const id = await page.evaluate(async () => {
      const one = await (await fetch(`/api/cases/${location.hash.split('/')[2]}`)).json();
      const photographs = one.visits.flatMap((visit: { photographs: { id: string; state: string }[] }) => visit.photographs);
      return photographs.find((photograph: { state: string }) => photograph.state === 'unusable').id as string;
    });
    await page.goto(`${url()}/#/photographs/${id}/photo`);
    await button(page, 'Look at it again').click();
    await page.getByRole('button', { name: 'Look at it again', disabled: false }).waitFor({ timeout: PATIENCE_MS });
    await page.locator('.verdict.blocks').waitFor();
    await inspect(page, 'no-photograph');
    await page.getByRole('navigation', { name: 'Where this belongs' }).getByRole('link').nth(1).click();
    for (const left of [1, 0]) {
      await button(page, /^Remove the file of/).first().click();
      if (left) await inspect(page, 'remove-file');
      await button(page, 'Remove for good').click();
      await page.waitForFunction((count) => document.querySelectorAll('li.refused').length === count, left);
    }
    await page.goto(capture);
  });
}

export async function photograph(page: Page): Promise<void> {
  await noPhotograph(page);
  await step(page, 'a photograph waits for the program, and goes on while another page is looked at', async () => {
    const pieces = '**/api/uploads/*';
    await page.route(pieces, (route) => route.fulfill({ status: 502 }));
    await refusing(async () => {
      await page.locator('input[type=file]').first().setInputFiles(photo());
      await page.getByText('goes on by itself').waitFor();
      await inspect(page, 'photograph-waits');
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Clients' }).click();
      await page.getByText('A photograph waits on this device').waitFor();
      await inspect(page, 'photograph-waits-elsewhere');
      await page.unroute(pieces);
      await page.getByText('A photograph has arrived').waitFor();
    });
  });
  await step(page, 'photograph', async () => {
    await page.getByRole('link', { name: 'On to the photograph' }).click();
    await page.locator('.verdict').waitFor();
    await page.waitForTimeout(800);
    await inspect(page, 'photo');
  });
}

/** Where the right end of the first scar lies on the screen (the whole picture being shown), or the middle without one. */
async function endOfScar(page: Page): Promise<Place> {
  await button(page, 'Show all').click();
  await page.waitForTimeout(700);
  const box = await page.getByRole('application').boundingBox();
  if (!box) throw new Error('the picture is not there');
  const { size, outline } = await page.evaluate(async () => {
    const get = async (path: string) => (await fetch(`/api${path}`)).json();
    const photograph = await get(`/photographs/${location.hash.split('/')[2]}`);
    const reading = await get(`/records/${photograph.records[0].id}`);
    return { size: photograph.look, outline: (reading.body.scars[0]?.outline_px ?? []) as [number, number][] };
  });
  const scale = Math.min(box.width / size.width_px, box.height / size.height_px);
  const end = outline.reduce<Place>((right, place) => (place[0] > right[0] ? place : right), outline[0] ?? [size.width_px / 2, size.height_px / 2]);
  return [
    box.x + box.width / 2 + (end[0] - size.width_px / 2) * scale,
    box.y + box.height / 2 + (end[1] - size.height_px / 2) * scale,
  ];
}

/** Another tablet corrects the first reading, as this one did. */
async function correctElsewhere(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { token } = await (await fetch('/api/state')).json();
    const photograph = `/api/photographs/${location.hash.split('/')[2]}`;
    const { records } = await (await fetch(photograph)).json();
    const asked = await fetch(`${photograph}/readings`, {
      method: 'POST',
      headers: { 'X-Stipple-Token': token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ parent: records[0].id, hairs_added_px: [[40, 40]] }),
    });
    const { id } = await asked.json();
    while (!['done', 'failed'].includes((await (await fetch(`/api/jobs/${id}`)).json()).state)) await new Promise((done) => setTimeout(done, 200));
  });
}

/** Mid gray, as light as L* 50 and without a hue, all around the picture in either look. */
async function inGray(page: Page): Promise<void> {
  const { color, margins } = await page.getByRole('application').evaluate((stage) => {
    const [outer, inner] = [stage.parentElement as Element, stage].map((one) => one.getBoundingClientRect()) as [DOMRect, DOMRect];
    const foot = (stage.nextElementSibling as Element).getBoundingClientRect();
    const margins = [inner.left - outer.left, inner.top - outer.top, outer.right - inner.right, foot.top - inner.bottom];
    return { color: getComputedStyle(stage.parentElement as Element).backgroundColor, margins };
  });
  if (color !== 'rgb(119, 119, 119)' || Math.min(...margins) < 12) throw new Error(`around the picture: ${color}, ${margins.join(' ')} px`);
}

/** On the page of a photograph that has arrived. */
export async function read(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'On to the reading' }).click();
  await button(page, 'Read the photograph').click();
  await page.getByText('Skin and hair around').waitFor({ timeout: PATIENCE_MS });
}

export async function reading(page: Page): Promise<void> {
  await step(page, 'read', async () => {
    await read(page);
    await page.waitForTimeout(800);
    await inGray(page);
    await inspect(page, 'reading');
  });
  await step(page, 'correct the scar with the brush', async () => {
    await button(page, /^Brush/).click();
    const [x, y] = await endOfScar(page);
    await drag(page, [x - 60, y], [x + 25, y + 2]);
    await page.getByText('Corrections not yet read: 1').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('Corrections not yet read').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+y');
    await page.getByText('Corrections not yet read: 1').waitFor();
    await inspect(page, 'brush');
    await button(page, 'Read again').click();
    await page.getByLabel('Which reading').waitFor({ timeout: PATIENCE_MS });
    await page.getByText('Corrections not yet read').waitFor({ state: 'detached' });
    await inspect(page, 'corrected');
  });
  await step(page, 'undo goes back over the reading', async () => {
    await page.keyboard.press('Control+z');
    await page.getByText('Corrections not yet read: 1').waitFor();
    await inspect(page, 'reading-undone');
    await page.keyboard.press('Control+y');
    await page.getByText('Corrections not yet read').waitFor({ state: 'detached' });
    await page.getByText('Skin and hair around').waitFor();
  });
  await step(page, 'what somebody else did is learned without a reload', async () => {
    await correctElsewhere(page);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.getByText('Somebody corrected the same reading meanwhile').waitFor();
    await inspect(page, 'rivals');
    await button(page, 'Keep this one').click();
    await page.getByText('Somebody corrected the same reading meanwhile').waitFor({ state: 'detached' });
  });
  await step(page, 'keys alone draw', async () => {
    await page.getByRole('application').focus();
    await page.keyboard.press('p');
    for (const way of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) {
      await page.keyboard.press('Enter');
      for (let i = 0; i < 6; i += 1) await page.keyboard.press(way);
    }
    await page.keyboard.press('c');
    await page.getByText('Corrections not yet read: 1').waitFor();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await inspect(page, 'keys');
    await page.keyboard.press('Escape');
  });
}

const dotsTotal = async (page: Page) => Number((await page.locator('dl dd').first().innerText()).replace(/\D/g, ''));

export async function plan(page: Page): Promise<void> {
  await step(page, 'change density', async () => {
    await page.getByRole('link', { name: 'On to the plan' }).click();
    await page.locator('dl dd').first().waitFor({ timeout: PATIENCE_MS });
    await page.waitForTimeout(800);
    const before = await dotsTotal(page);
    await inGray(page);
    await inspect(page, 'plan');
    await page.getByRole('slider', { name: 'Dots' }).fill('0.7');
    await page.waitForFunction((dots) => Number(document.querySelector('dl dd')?.textContent?.replace(/\D/g, '')) < dots, before);
  });
  await step(page, 'draw a hairline', async () => {
    const box = await page.getByRole('application').boundingBox();
    if (!box) throw new Error('the picture is not there');
    const tap = (x: number, y: number) => page.mouse.click(box.x + x * box.width, box.y + y * box.height);
    await button(page, 'Hairline').click();
    await tap(0.3, 0.38);
    // what was begun waits while another tool is in the hand, and on another page
    await button(page, 'Thinning area').click();
    await page.getByRole('link', { name: 'Reading', exact: true }).click();
    await page.getByText('Skin and hair around').waitFor();
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    await button(page, 'Hairline').click();
    for (const [x, y] of [[0.5, 0.34], [0.7, 0.38]] as Place[]) await tap(x, y);
    await page.keyboard.press('Control+z');
    await button(page, 'Set the last corner again').click();
    // hair stands on both sides of this line: the page asks which side is meant, and shows no error before it is said
    await refusing(async () => {
      const asked = page.waitForResponse((response) => response.url().endsWith('/dots') && response.status() === 422);
      await button(page, 'Done').click();
      await page.getByText('Tap on the side of the line').waitFor();
      await asked;
      await page.waitForTimeout(200);
      if (await page.getByRole('alert').filter({ hasText: /\S/ }).count()) throw new Error('an error is shown before the side is said');
    });
    await tap(0.5, 0.7);
    await page.getByRole('slider', { name: 'Depth behind the hairline' }).waitFor();
    await page.waitForTimeout(1500);
    await inspect(page, 'hairline');
    await button(page, 'No hairline').click();
    await page.getByText('Healed picture').click();
    await page.waitForTimeout(1500);
    await inspect(page, 'plan-healed');
  });
}

export async function preview(page: Page): Promise<void> {
  await step(page, 'look at healed, then five years', async () => {
    await page.getByRole('link', { name: 'On to the preview' }).click();
    await page.locator('[data-moment=healed]').waitFor({ timeout: PATIENCE_MS });
    await page.waitForTimeout(2500);
    await inGray(page);
    await inspect(page, 'preview-healed');
    await page.getByText('5 years', { exact: true }).click();
    await page.locator('[data-moment="5y"]').waitFor();
    await page.getByRole('slider', { name: 'Divider' }).fill('0.3');
    await page.waitForTimeout(2500);
    await inspect(page, 'preview-5y');
    await page.getByText('Light bulb').click();
    await page.waitForTimeout(2500);
    await inspect(page, 'preview-5y-bulb');
  });
}

export async function report(page: Page): Promise<void> {
  await step(page, 'download the report', async () => {
    await page.getByRole('link', { name: 'On to the report' }).click();
    await page.getByText("The client's answers").click();
    await page.getByLabel('When did the scar come about').fill('2022-05-31');
    await page.getByRole('group', { name: 'Thick, growing scars anywhere' }).getByLabel('No').check({ force: true });
    await inspect(page, 'questions');
    await page.getByText("The client's answers").click();
    await button(page, 'Make the report').click();
    const link = page.getByRole('link', { name: 'Report (PDF)' });
    await link.waitFor({ timeout: PATIENCE_MS });
    await page.waitForTimeout(800);
    await inspect(page, 'report');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const bytes = readFileSync(await download.path());
    if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('the report is no PDF');
  });
}

export async function otherPages(page: Page): Promise<void> {
  await step(page, 'accounts and own account', async () => {
    await page.getByRole('link', { name: 'Accounts' }).click();
    await page.getByRole('heading', { name: 'Accounts' }).waitFor();
    await page.getByRole('cell', { name: owner.name, exact: true }).waitFor();
    await inspect(page, 'accounts');
    await page.getByRole('link', { name: owner.name }).click();
    await button(page, 'Set up a second factor').click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await inspect(page, 'me');
  });
  await step(page, 'search', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('searchbox').fill('zzz');
    await page.getByText('Nobody by that name').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('link', { name: /Jonas/ }).first().waitFor();
    await inspect(page, 'clients-found');
  });
  await step(page, 'recover page, German, dark', async () => {
    await page.getByLabel('Language').selectOption('de');
    await page.getByLabel('Aussehen').selectOption('dark');
    await inspect(page, 'clients-de-dark');
    await page.getByRole('button', { name: 'Abmelden' }).click();
    await page.getByRole('link', { name: /Passwort verloren/ }).click();
    await page.getByRole('heading', { name: /Wiederherstellungsschlüssel/ }).waitFor();
    await inspect(page, 'recover-de-dark');
  });
}
