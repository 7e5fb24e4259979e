// Every tool over the reading that the way of a consultation does not need: each makes one correction, and undo takes it back.
import type { Page } from 'playwright-core';
import { inspect, step } from './browser.ts';
import { button, drag, type Place } from './hands.ts';

const pending = (page: Page, count: number) => page.getByText(`Corrections not yet read: ${count}`).waitFor();

/** On the page of a reading without corrections. */
export async function everyTool(page: Page): Promise<void> {
  await step(page, 'every other tool', async () => {
    await button(page, 'Show all').click();
    await page.waitForTimeout(700);
    const at = await places(page);
    const tool = (name: string) => page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name }).click();

    await tool('Eraser');
    await drag(page, at(0.3, 0.5), at(0.4, 0.52));
    await pending(page, 1);
    await tool('Lasso');
    await page.mouse.move(...at(0.6, 0.3));
    await page.mouse.down();
    for (const corner of [at(0.7, 0.3), at(0.7, 0.4), at(0.6, 0.4)]) await page.mouse.move(...corner, { steps: 8 });
    await page.mouse.up();
    await pending(page, 2);
    await page.getByRole('checkbox', { name: 'Take away from the scar' }).check();
    await tool('Polygon');
    for (const corner of [at(0.4, 0.6), at(0.5, 0.6), at(0.6, 0.65)]) await page.mouse.click(...corner);
    await button(page, 'Undo').click();
    await button(page, 'Redo').click();
    await button(page, 'Undo').click();
    await pending(page, 2);
    await page.mouse.click(...at(0.45, 0.7));
    await tool('Add hair');
    await pending(page, 3);
    await page.mouse.click(...at(0.25, 0.25));
    await pending(page, 4);
    await tool('Remove hair');
    // Hair grows densely there: one is always near enough.
    await page.mouse.click(...at(0.85, 0.6));
    await pending(page, 5);
    await tool('Ruler');
    await page.mouse.click(...at(0.2, 0.8));
    await page.mouse.click(...at(0.5, 0.8));
    await page.getByLabel('Distance between the two places, in mm').fill('20');
    await inspect(page, 'ruler');
    await button(page, 'Save').click();
    await pending(page, 6);
    await inspect(page, 'every-tool');

    for (let left = 5; left > 0; left -= 1) {
      await button(page, 'Undo').click();
      await pending(page, left);
    }
    await button(page, 'Undo').click();
    await page.getByText('Corrections not yet read').waitFor({ state: 'detached' });
    await page.getByRole('application').focus();
    await page.keyboard.press('v');
  });
}

/** Places on the screen by their share of the photograph's width and height, all of it being shown. */
async function places(page: Page): Promise<(x: number, y: number) => Place> {
  const box = await page.getByRole('application').boundingBox();
  if (!box) throw new Error('the picture is not there');
  const size = await page.evaluate(async () => {
    const photograph = await (await fetch(`/api/photographs/${location.hash.split('/')[2]}`)).json();
    return photograph.look as { width_px: number; height_px: number };
  });
  const scale = Math.min(box.width / size.width_px, box.height / size.height_px);
  return (x, y) => [
    box.x + box.width / 2 + (x - 0.5) * size.width_px * scale,
    box.y + box.height / 2 + (y - 0.5) * size.height_px * scale,
  ];
}
