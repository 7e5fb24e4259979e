// A follow-up: a later photograph of the same case is held against the one before, and the page of it is looked at.
import type { Page } from 'playwright-core';
import { inspect, PATIENCE_MS, photoAfter, step, type Upload } from './browser.ts';
import { button, changeOf } from './hands.ts';

/** On any page of the photograph before, of which a report was made. */
export async function beforeAfter(page: Page): Promise<void> {
  await step(page, 'before and after', async () => {
    await page.getByRole('navigation', { name: 'Where this belongs' }).getByRole('link').nth(1).click();
    await changeOf(page, 'Consultation').click();
    const day = page.getByLabel('Day');
    const today = await day.inputValue();
    await day.fill('2024-03-01');
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: /Mar 1, 2024/ }).waitFor();
    await button(page, 'Add a visit').click();
    await day.fill('2099-03-01');
    await page.getByText('not later than today').waitFor();
    await button(page, 'Save').click();
    await day.fill(today);
    await page.getByText('Follow-up').click();
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: /Follow-up/ }).waitFor();
    await changeOf(page, 'Follow-up').click();
    await page.getByLabel('Note').fill('Healed well.');
    await button(page, 'Save').click();
    await page.getByText('Healed well.').waitFor();
    await inspect(page, 'case');
    await laterPhotograph(page);
    await page.getByLabel('Days since the last session').fill('94');
    await page.getByLabel('Look for the planned dots').check();
    await page.getByLabel('Sessions done by then').fill('3');
    await inspect(page, 'result-asked');
    await measured(page);
    await page.getByRole('img', { name: /^The page/ }).waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
    await page.locator('.scroll').evaluate((pane) => (pane.scrollTop = 0));
    await inspect(page, 'result');
    await page.getByRole('img', { name: /^The page/ }).scrollIntoViewIfNeeded();
    await inspect(page, 'result-page');
  });
  await step(page, 'how the dots fade', async () => {
    const panel = page.locator('section', { has: page.getByRole('heading', { name: 'How the dots fade' }) });
    // The studio tells it by itself once a photograph was compared; until then, or anew, a person does.
    await button(panel, /^Tell/).click();
    // Where the later photograph shows no dots it is said what is needed.
    const refused = panel.getByRole('alert').filter({ hasText: '28 days' });
    await panel.getByText(/^Visits that count/).or(refused).waitFor();
    await button(panel, /^Tell/).scrollIntoViewIfNeeded();
    await inspect(page, 'fading');
  });
}

/** On a case whose last visit is a follow-up: its photograph, with the one before beside it. */
export async function laterPhotograph(page: Page, photograph: string | Upload = photoAfter()): Promise<void> {
  await addPhotograph(page, photograph);
  await page.getByRole('link', { name: 'Hold it against the one before' }).click();
}

export async function measured(page: Page): Promise<void> {
  await button(page, 'Measure').click();
  await page.getByRole('heading', { name: /be compared/ }).waitFor({ timeout: PATIENCE_MS });
}

/** On a case; to its last visit. */
export async function addPhotograph(page: Page, file: string | Upload): Promise<void> {
  await page.getByRole('link', { name: 'Add a photograph' }).first().click();
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.waitForURL(/photographs\/[^/]+\/photo/, { timeout: PATIENCE_MS });
}
