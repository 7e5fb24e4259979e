// A follow-up: a later photograph of the same case is held against the one before, and the page of it is looked at.
import type { Page } from 'playwright-core';
import { inspect, PATIENCE_MS, photoAfter, step } from './browser.ts';
import { button } from './hands.ts';

/** On any page of the photograph before, of which a report was made. */
export async function beforeAfter(page: Page): Promise<void> {
  await step(page, 'before and after', async () => {
    await page.getByRole('navigation', { name: 'Where this belongs' }).getByRole('link').nth(1).click();
    await button(page, 'Add a visit').click();
    await page.getByLabel('Day').fill('2027-03-01');
    await page.getByText('Follow-up').click();
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: /Follow-up/ }).waitFor();
    await button(page, 'Change the visit of Mar 1, 2027').click();
    await page.getByLabel('Note').fill('Healed well.');
    await button(page, 'Save').click();
    await page.getByText('Healed well.').waitFor();
    await inspect(page, 'case');
    await page.getByRole('link', { name: 'Add a photograph' }).first().click();
    await page.locator('input[type=file]').first().setInputFiles(photoAfter());
    await page.waitForURL(/photographs\/[^/]+\/photo/, { timeout: PATIENCE_MS });
    await page.getByRole('link', { name: 'Hold it against the one before' }).click();
    await page.getByLabel('Days since the last session').fill('94');
    await page.getByLabel('Look for the planned dots').check();
    await page.getByLabel('Sessions done by then').fill('3');
    await inspect(page, 'result-asked');
    await button(page, 'Measure').click();
    await page.getByRole('heading', { name: /be compared/ }).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('img', { name: /^The page/ }).waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
    await page.locator('.scroll').evaluate((pane) => (pane.scrollTop = 0));
    await inspect(page, 'result');
    await page.getByRole('img', { name: /^The page/ }).scrollIntoViewIfNeeded();
    await inspect(page, 'result-page');
  });
}
