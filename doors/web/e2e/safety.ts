// The second factor from the first scan to signing in with it, and erasing a client for good.
import type { Page } from 'playwright-core';
import { Secret, TOTP } from 'otpauth';
import { inspect, refusing, step, url } from './browser.ts';
import { button } from './hands.ts';
import { owner } from './journey.ts';

const HALF_MINUTE_MS = 30_000;

/** Turned on, asked for, turned off. */
export async function secondFactor(page: Page): Promise<void> {
  await step(page, 'second factor', async () => {
    await page.goto(`${url()}/#/me`);
    await button(page, 'Set up a second factor').click();
    const secret = await page.locator('code').innerText();
    const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
    const code = page.getByLabel('Code of the second factor');
    await refusing(async () => {
      await code.fill(totp.generate() === '000000' ? '000001' : '000000');
      await button(page, 'Turn it on').click();
      await page.getByText('This code is not right').waitFor();
    });
    await code.fill(totp.generate());
    await button(page, 'Turn it on').click();
    await page.getByText('The second factor is on.').waitFor();
    await inspect(page, 'second-factor-on');

    await button(page, 'Sign out').click();
    await page.getByLabel('Login').fill(owner.login);
    await page.getByLabel('Password').fill(owner.password);
    await button(page, 'Sign in').click();
    await code.waitFor();
    if (!(await code.evaluate((field) => field === document.activeElement))) throw new Error('the code cannot be typed at once');
    await inspect(page, 'sign-in-code');
    // A code counts once; that of the next half minute is taken a little early.
    const next = () => totp.generate({ timestamp: Date.now() + HALF_MINUTE_MS });
    await code.fill(next());
    await button(page, 'Sign in').click();
    await button(page, 'Sign out').waitFor();
    await page.waitForTimeout(HALF_MINUTE_MS - (Date.now() % HALF_MINUTE_MS) + 500);
    await code.fill(next());
    await button(page, 'Turn it off').click();
    await button(page, 'Set up a second factor').waitFor();
  });
}

/** A client of nothing but a name, gone after the name was typed. */
export async function erasing(page: Page): Promise<void> {
  await step(page, 'erase a client', async () => {
    const name = 'Emil Sand';
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Clients' }).click();
    await button(page, 'New client').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await button(page, 'Save').click();
    await button(page, 'Erase this client').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Emil');
    if (!(await button(page, 'Erase for good').isDisabled())) throw new Error('half a name is enough');
    await dialog.getByRole('textbox').fill(name);
    await inspect(page, 'erase');
    await button(page, 'Erase for good').click();
    await page.getByRole('heading', { name: 'Clients' }).waitFor();
    await page.getByRole('searchbox').fill('Emil');
    await page.getByText('Nobody by that name').waitFor();
    await page.getByRole('searchbox').fill('');
  });
}

/** The session ends elsewhere while somebody types: after signing in again nothing is lost. */
export async function interrupted(page: Page): Promise<void> {
  await step(page, 'signed out while typing', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('link', { name: /Jonas/ }).first().click();
    await button(page, 'Edit').click();
    await page.getByLabel('Note').fill('Typed before the session ended.');
    const other = await page.context().newPage();
    await other.goto(url());
    await button(other, 'Sign out').click();
    await button(other, 'Sign in').waitFor();
    await other.close();
    await button(page, 'Save').click();
    await page.getByText('What you typed is kept').waitFor();
    await inspect(page, 'interrupted');
    await page.getByLabel('Login').fill(owner.login);
    await page.getByLabel('Password').fill(owner.password);
    await button(page, 'Sign in').click();
    await page.getByText('What you typed is kept').waitFor({ state: 'detached' });
    await button(page, 'Save').click();
    await page.getByText('Typed before the session ended.').waitFor();
  });
}

/** A new recovery key for whoever knows the password. */
export async function newKey(page: Page): Promise<void> {
  await step(page, 'new recovery key', async () => {
    await page.goto(`${url()}/#/me`);
    const panel = page.locator('form', { hasText: 'Make a new key' });
    await panel.getByLabel('Password').fill('not the password');
    await refusing(async () => {
      await button(page, 'Make a new key').click();
      await page.getByText('Your password is not right').waitFor();
    });
    await panel.getByLabel('Password').fill(owner.password);
    await button(page, 'Make a new key').click();
    await page.getByText(/^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$/).waitFor();
    await inspect(page, 'new-recovery-key');
    await page.getByLabel('I have printed or written down the key').check();
    await button(page, 'Go on').click();
    await page.getByText(/^([A-Z2-7]{4}-){7}/).waitFor({ state: 'detached' });
  });
}
