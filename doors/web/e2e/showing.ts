// A case is shown to strangers: what the country asks for, the pair laid out and signed, the public pages, taken back.
import type { Page } from 'playwright-core';
import { inspect, PATIENCE_MS, step, url } from './browser.ts';
import { saved } from './book.ts';
import { button } from './hands.ts';

/** On any page. */
export const country = (page: Page) => step(page, 'what the country asks for', async () => {
  await page.getByRole('link', { name: 'Clinic', exact: true }).click();
  await page.getByRole('combobox', { name: 'Country or state' }).selectOption('GB');
  await inspect(page, 'clinic');
  await button(page, 'Save').click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('link', { name: 'Go to what is shown' }).click();
  await page.getByRole('checkbox', { name: /^I confirm/ }).check();
  await page.getByLabel('Who is asked for a review').fill('Everybody, by a link, after the last session.');
  await button(page, 'Save').click();
  await page.getByText('Nothing: every rule').waitFor();
  await inspect(page, 'publishing');
});

/** On the page of a result whose client signed that it may be shown. */
export async function show(page: Page): Promise<void> {
  await step(page, 'lay a case out to be shown', async () => {
    await button(page, 'Show this to strangers …').click();
    await button(page, 'Sign and show').waitFor({ timeout: PATIENCE_MS });
    await page.getByText('The bright part is kept.').scrollIntoViewIfNeeded();
    await inspect(page, 'show');
  });
  await step(page, 'sign and show it', async () => {
    await button(page, 'Sign and show').scrollIntoViewIfNeeded();
    await inspect(page, 'show-sign');
    await button(page, 'Sign and show').click();
    await page.getByText('It is shown now').waitFor({ timeout: PATIENCE_MS });
  });
}

/** On any page of the studio; what is public is looked at on a stranger's. */
export const takenBack = (page: Page, stranger: Page) => step(page, 'the public pages, and taken back', async () => {
  await page.goto(`${url()}/#/publishing`);
  const address = await page.getByRole('link', { name: /^Public page of/ }).first().getAttribute('href');
  if (!address) throw new Error('the case has no public page');
  await stranger.goto(url() + address);
  await stranger.getByRole('heading', { name: 'What was measured' }).waitFor();
  await inspect(stranger, 'public-case');
  await button(page, /^Take back/).first().click();
  await inspect(page, 'take-back');
  await button(page.getByRole('dialog'), 'Take back').click();
  await saved(page);
  await inspect(page, 'taken-back');
  const said = await stranger.request.get(url() + address);
  if (said.status() !== 410) throw new Error(`a case that was taken back answers ${said.status()}`);
});
