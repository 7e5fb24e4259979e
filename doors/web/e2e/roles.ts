// An assistant: what is not theirs to do says who does it, and what they can do is offered.
import type { Page } from 'playwright-core';
import { inspect, openPage, step, url } from './browser.ts';
import { button } from './hands.ts';
import { owner } from './journey.ts';

const login = 'ada';

/** On any page of a photograph that was read. */
export async function assistant(page: Page): Promise<void> {
  await step(page, 'what an assistant can do', async () => {
    const photograph = page.url().replace(/[^/]*$/, '');
    await page.getByRole('link', { name: 'Accounts' }).click();
    await button(page, 'Add an account').click();
    await page.getByLabel('Name', { exact: true }).fill('Ada Moor');
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.locator('#new-role').selectOption('assistant');
    await inspect(page, 'new-account');
    await button(page, 'Save').click();
    await page.getByRole('cell', { name: 'Ada Moor', exact: true }).waitFor();

    const browser = page.context().browser();
    if (!browser) throw new Error('the browser is not there');
    const theirs = await openPage(browser, page.viewportSize() ?? { width: 1280, height: 800 });
    await theirs.goto(url());
    await theirs.getByLabel('Login').fill(login);
    await theirs.getByLabel('Password').fill(owner.password);
    await button(theirs, 'Sign in').click();
    await theirs.getByRole('heading', { name: 'Clients' }).waitFor();
    await theirs.goto(`${photograph}plan`);
    await theirs.getByText('A plan is set by a practitioner or an owner').waitFor();
    await theirs.locator('dl dd').first().waitFor();
    await inspect(theirs, 'plan-of-an-assistant');
    await theirs.getByRole('link', { name: 'Report', exact: true }).click();
    await theirs.getByText('A report is made by a practitioner or an owner').waitFor();
    await theirs.getByRole('group', { name: 'Diabetes' }).getByLabel('No').check({ force: true });
    await theirs.getByText(/^3 of \d+ answered/).waitFor();
    await inspect(theirs, 'report-of-an-assistant');
    await theirs.context().close();
    await page.goto(`${photograph}report`);
    await page.getByRole('link', { name: 'Report (PDF)' }).waitFor();
  });
}
