// A case is shown to strangers: what the country asks for, the pair laid out and signed, the public pages, taken back.
import type { Page } from 'playwright-core';
import { inspect, PATIENCE_MS, step, url } from './browser.ts';
import { toBook } from './book.ts';
import { button } from './hands.ts';
import { makeLink } from './mail.ts';

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
    await page.getByRole('checkbox', { name: /^I have looked at both pictures/ }).check();
    await button(page, 'Sign and show').scrollIntoViewIfNeeded();
    await inspect(page, 'show-sign');
    await button(page, 'Sign and show').click();
    await page.getByText('It is shown now').waitFor({ timeout: PATIENCE_MS });
  });
}

/** On any page of the studio; what is public is looked at on a stranger's. */
export const takenBack = (page: Page, stranger: Page, client: string) => step(page, 'the public pages, and taken back by the client', async () => {
  await page.goto(`${url()}/#/publishing`);
  const address = await page.getByRole('link', { name: /^Public page of/ }).first().getAttribute('href');
  if (!address) throw new Error('the case has no public page');
  await stranger.goto(url() + address);
  await stranger.getByRole('heading', { name: 'What was measured' }).waitFor();
  await inspect(stranger, 'public-case');
  await toBook(page, client);
  const link = await makeLink(page, 'What was agreed to, to take it back');
  await stranger.goto('about:blank');
  await stranger.goto(link);
  await button(stranger, /^Take back: Publication/).click();
  await inspect(stranger, 'guest-take-back');
  await button(stranger, 'Yes, take it back').click();
  await stranger.getByText(/^Taken back on/).waitFor();
  await inspect(stranger, 'guest-taken-back');
  const said = await stranger.request.get(url() + address);
  if (said.status() !== 410) throw new Error(`a case that was taken back answers ${said.status()}`);
  await page.goto(`${url()}/#/publishing`);
  await page.getByText('taken back').first().waitFor();
  await inspect(page, 'taken-back');
});
