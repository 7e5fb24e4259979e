// Somebody says how the scar looks, knowing what they see; then the same pictures blind.
import type { Page } from 'playwright-core';
import { inspect, refusing, step } from './browser.ts';
import { button } from './hands.ts';

/** On the page of a result. */
export async function ratings(page: Page): Promise<void> {
  await step(page, 'rate the scar', async () => {
    await button(page, 'Rate this scar').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('group', { name: /How noticeable/ }).getByRole('radio', { name: '4', exact: true }).check();
    await dialog.getByText('SCAR scale').click();
    await dialog.getByRole('group', { name: 'Width' }).getByRole('radio', { name: /thin line/ }).check();
    await dialog.getByText('A scale counts once').waitFor();
    await inspect(page, 'rate');
    const rest = ['Redness', 'Lighter or darker', 'Marks of stitches', 'Raised', 'On the whole', 'Itched', 'Hurt'];
    for (const item of rest) await dialog.getByRole('group', { name: item }).getByRole('radio').first().check();
    await button(dialog, 'Save').click();
    await page.getByText('1 / 15').waitFor();
    await page.getByRole('heading', { name: 'What people say' }).scrollIntoViewIfNeeded();
    await inspect(page, 'rated');
  });
  await step(page, 'rate pictures blind', async () => {
    await page.getByRole('link', { name: 'Rate pictures blind' }).click();
    await button(page, 'Begin').click();
    const first = await page.getByText(/^Picture 1 of \d+$/).textContent();
    const count = Number(first?.match(/\d+$/)?.[0]);
    for (let place = 1; place <= count; place++) {
      await page.getByText(`Picture ${place} of ${count}`).waitFor();
      await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
      await page.getByRole('radio', { name: String(place % 11), exact: true }).check();
      if (place === 1) await inspect(page, 'blind');
      await button(page, 'Next picture').click();
    }
    await page.getByText(`all pictures of this round (${count}) have had their turn`).waitFor();
    await inspect(page, 'blind-done');
    await refusing(async () => {
      await button(page, 'Show how far they agree').click();
      // Where too few pictures are shared it is said how many are needed.
      await page.getByText(/^Pictures that were rated/).or(page.getByText('three pictures')).first().waitFor();
      await page.waitForTimeout(200);
    });
    await button(page, 'Show how far they agree').scrollIntoViewIfNeeded();
    await inspect(page, 'agreement');
    await page.goBack();
    await page.getByRole('navigation', { name: 'Where this belongs' }).getByRole('link').nth(1).waitFor();
  });
}
