// A photograph in the wrong visit is moved, one that should not be here is removed, and then the empty visit too.
import type { Page } from 'playwright-core';
import { inspect, step } from './browser.ts';
import { button, changeOf } from './hands.ts';

/** On any page of the later photograph of a case with two visits. */
export async function mistakes(page: Page): Promise<void> {
  await step(page, 'put mistakes right', async () => {
    await page.getByRole('link', { name: 'Photograph', exact: true }).click();
    await page.getByText('Wrong visit, or wrong photograph?').click();
    const visits = page.getByLabel('It belongs to');
    const options = await visits.locator('option').allTextContents();
    await visits.selectOption({ label: options.find((label) => /Consultation|Session/.test(label)) ?? 'none' });
    await button(page, 'Move it there').click();
    await visits.locator('option', { hasText: 'Follow-up' }).waitFor({ state: 'attached' });
    await button(page, 'Remove this photograph').click();
    await inspect(page, 'remove-photograph');
    await button(page, 'Remove for good').click();
    await page.getByRole('heading', { name: /Follow-up/ }).waitFor();
    await changeOf(page, 'Follow-up').click();
    await button(page, 'Remove this visit').click();
    await inspect(page, 'remove-visit');
    await button(page, 'Remove the visit').click();
    await page.getByRole('heading', { name: /Follow-up/ }).waitFor({ state: 'detached' });
    await page.getByRole('img', { name: /^Photograph of/ }).first().click();
    await page.getByRole('navigation', { name: 'Where this belongs' }).getByRole('link').nth(1).waitFor();
  });
}
