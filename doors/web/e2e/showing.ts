// A case is shown to strangers: consent, what the country asks for, the pair laid out and signed, the public pages, taken back.
import type { Page } from 'playwright-core';
import { inspect, PATIENCE_MS, step, url } from './browser.ts';
import { signature } from './book.ts';
import { button } from './hands.ts';
import { laterPhotograph, measured } from './outcome.ts';

/** On any page; the client has a photograph from before that was read, and a session on record. */
export async function showing(page: Page, client: string): Promise<void> {
  await step(page, 'consent to be shown', async () => {
    await toCase(page, client);
    await page.getByRole('link', { name: 'Consent and sessions' }).click();
    await button(page, 'Read and sign: Publication').click();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByLabel('Your name').fill('Jonas Weber');
    await signature(page);
    await button(page, 'Sign').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await step(page, 'what the country asks for', async () => {
    await page.getByRole('link', { name: 'Clinic', exact: true }).click();
    await page.getByRole('combobox', { name: 'Country or state' }).selectOption('GB');
    await inspect(page, 'clinic');
    await button(page, 'Save').click();
    await page.getByText('Saved.').waitFor();
    await page.goto(`${url()}/#/publishing`);
    const minors = page.getByRole('checkbox', { name: /^I confirm/ });
    await minors.check();
    await page.getByLabel('Who is asked for a review').fill('Everybody, by a link, after the last session.');
    await button(page, 'Save').click();
    await page.getByText('Nothing: every rule').waitFor();
    await inspect(page, 'publishing');
  });
  await step(page, 'show a case', async () => {
    await toCase(page, client);
    await button(page, 'Add a visit').click();
    await page.getByText('Follow-up').click();
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: /Follow-up/ }).waitFor();
    await laterPhotograph(page);
    await measured(page);
    await button(page, 'Show this to strangers …').click();
    await button(page, 'Sign and show').waitFor({ timeout: PATIENCE_MS });
    await button(page, 'Sign and show').scrollIntoViewIfNeeded();
    await inspect(page, 'show');
    await button(page, 'Sign and show').click();
    await page.getByText('It is shown now').waitFor({ timeout: PATIENCE_MS });
  });
  await step(page, 'the public pages, and taken back', async () => {
    await page.goto(`${url()}/#/publishing`);
    const address = await page.getByRole('link', { name: /^Public page/ }).first().getAttribute('href');
    if (!address) throw new Error('the case has no public page');
    await page.goto(url() + address);
    await page.getByRole('heading', { name: 'What was measured' }).waitFor();
    await inspect(page, 'public-case');
    await page.goto(`${url()}/#/publishing`);
    await button(page, /^Take back/).first().click();
    await button(page.getByRole('dialog'), 'Take back').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const said = await page.request.get(url() + address);
    if (said.status() !== 410) throw new Error(`a case that was taken back answers ${said.status()}`);
  });
}

async function toCase(page: Page, client: string): Promise<void> {
  await page.getByRole('link', { name: 'Clients' }).first().click();
  await page.getByRole('listitem').getByRole('link', { name: client }).first().click();
  await page.getByRole('heading', { level: 2 }).getByRole('link').first().click();
}
