// The book of a case: read and sign, write a session down, tell of the skin, look at it, take the consent back.
import type { Page } from 'playwright-core';
import { inspect, step } from './browser.ts';
import { button } from './hands.ts';

export const saved = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

/** On any page; goes to the client's first case. */
export async function book(page: Page, client: string): Promise<void> {
  await step(page, 'consent by signature', async () => {
    await toBook(page, client);
    await page.getByText('There is no signed consent').waitFor();
    await inspect(page, 'book');
    await sign(page, 'Treatment', async () => {
      await button(page, 'Sign').click();
      await page.getByText('The signature is missing.').waitFor();
    });
    await page.getByText(/Nothing stands between|that nobody has answered/).waitFor();
  });
  await session(page);
  await testDots(page);
  await struckOut(page);
  await othersDots(page);
  await session(page);
  await skin(page);
  await step(page, 'recall by lot', async () => {
    await page.getByRole('link', { name: 'Clients' }).first().click();
    await page.getByRole('link', { name: 'Recall by lot' }).click();
    await page.getByLabel('Lot').fill('lg4711');
    await button(page, 'Search').click();
    await page.getByRole('cell', { name: /Soft gray/ }).first().waitFor();
    await inspect(page, 'recall');
  });
}

/** On any page; goes to the client's first case. */
export async function toCase(page: Page, client: string): Promise<void> {
  await page.getByRole('link', { name: 'Clients' }).first().click();
  await page.getByRole('listitem').getByRole('link', { name: client }).filter({ hasNotText: /, day \d/ }).first().click();
  await page.getByRole('heading', { level: 2 }).getByRole('link').first().click();
}

/** On any page; goes to the book of the client's first case. */
export async function toBook(page: Page, client: string): Promise<void> {
  await toCase(page, client);
  await page.getByRole('link', { name: 'Consent and sessions' }).click();
}

/** In the book: one consent with every box, signed on the screen; `first` is done before anything is ticked. */
export async function sign(page: Page, purpose: string, first?: () => Promise<void>): Promise<void> {
  await button(page, `Read and sign: ${purpose}`).click();
  await first?.();
  // all but the patch test, without which no session would be possible today
  for (const box of await page.getByRole('checkbox', { name: /^(?!You want a patch test)/ }).all()) await box.check();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Jonas Weber');
  await signature(page);
  await inspect(page, `signed-${purpose.toLowerCase()}`);
  await button(page, 'Sign').click();
  await saved(page);
}

/** A line on the pad. */
async function signature(page: Page): Promise<void> {
  const pad = page.getByRole('img', { name: 'Sign here' });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('there is no pad to sign on');
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.6);
  await page.mouse.down();
  for (const [x, y] of [[0.3, 0.2], [0.4, 0.7], [0.6, 0.3]] as const) await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 8 });
  await page.mouse.up();
}

/** In the book. */
export const session = (page: Page) => step(page, 'session', async () => {
  await button(page, 'Write down a session').click();
  const typed = { 'Shallowest depth, mm': '0,3', 'Deepest depth, mm': '0.5', 'Name of the pigment': 'Soft gray', 'Lot (on the bottle)': 'LG 4711', 'Good until (on the bottle)': '2030-01-31', Qualification: 'Course 2024', Room: '1', 'Needle, with its lot': '0.25 mm, lot N1', 'Name of the zone': 'Scar', Dots: '900', 'Area, mm²': '1250,5' };
  for (const [label, text] of Object.entries(typed)) await page.getByLabel(label, { exact: true }).fill(text);
  await button(page, 'Save').click();
  await page.getByText('Pain and bleeding are not chosen yet.').waitFor();
  await inspect(page, 'session');
  await page.getByRole('group', { name: /^Pain/ }).getByText('3', { exact: true }).click();
  await page.getByRole('group', { name: 'Bleeding' }).getByText('none').click();
  await button(page, 'Save').click();
  await page.getByText('900 dots (sessions: 1)').waitFor();
});

/** The session was a test after all; what it showed is written down, and then it was none. */
const testDots = (page: Page) => step(page, 'test dots', async () => {
  const correct = async (done: boolean) => {
    await button(page, /^Correct/).first().click();
    await page.getByRole('checkbox', { name: 'Test dots' }).setChecked(done);
    await page.getByLabel('Dots', { exact: true }).fill(done ? '20' : '900');
    await button(page, 'Save').click();
    await button(page, 'Save').waitFor({ state: 'detached' });
  };
  await correct(true);
  await button(page, 'Write down what they showed').click();
  await page.getByRole('group', { name: 'What follows' }).getByText('Sessions, with').click();
  await page.getByLabel('What was seen: color', { exact: false }).fill('Gray, as wide as the hair.');
  await inspect(page, 'test-dots');
  await button(page, 'Save').click();
  await page.getByText('Soft gray, dilution not said, 0.3 to 0.5 mm.', { exact: false }).waitFor();
  await inspect(page, 'test-dots-told');
  await correct(false);
});

/** The one session that stands is struck out. */
const struckOut = (page: Page) => step(page, 'a session that was not', async () => {
  // what was put right is read anew
  await page.getByText('900 dots (sessions: 1)').waitFor();
  await button(page, /^Strike out/).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill('It belongs to another client.');
  await inspect(page, 'session-strike');
  await button(dialog, 'Strike out').click();
  await saved(page);
  await page.getByText('It belongs to another client.').scrollIntoViewIfNeeded();
  await inspect(page, 'session-struck');
});

/** Dots that were there before count for the cap. */
const othersDots = (page: Page) => step(page, 'dots that somebody else set', async () => {
  await button(page, 'Write down dots that somebody else set').click();
  const typed = { 'Name of the zone': 'Scar', 'Dots per cm² that lie there': '60', 'How that is known': 'Counted in the photograph of today', 'Who set them, when and with what': 'A studio in 2019, no passport' };
  for (const [label, text] of Object.entries(typed)) await page.getByLabel(label, { exact: true }).fill(text);
  await inspect(page, 'others-dots');
  await button(page, 'Save').click();
  await page.getByText('60 of at most').waitFor();
  await inspect(page, 'others-dots-told');
});

const skin = (page: Page) => step(page, 'what the client tells', async () => {
  await button(page, 'Ask now').click();
  for (const question of await page.getByRole('dialog').getByRole('group').all()) await question.locator('label').first().click();
  await button(page, 'Save').click();
  await saved(page);
  await button(page, /^Seen/).click();
  await page.getByText('Somebody has looked at this.').waitFor();
  await inspect(page, 'book-told');
});
