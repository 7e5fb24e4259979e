// Letters and calendars: the client's yes, a link as a QR code, what a letter's links open on a phone, where letters are.
// The studio's mail server is named but does not answer, so that letters wait.
import type { Page } from 'playwright-core';
import { inspect, openPage, refusing, step, url } from './browser.ts';
import { button } from './hands.ts';

/** On any page, after the client's book holds a session of today. */
export async function mail(page: Page, client: string): Promise<void> {
  await step(page, 'yes to e-mails', async () => {
    await page.getByRole('link', { name: 'Clients' }).first().click();
    await page.getByRole('listitem').getByRole('link', { name: client }).filter({ hasNotText: /, day \d/ }).first().click();
    await button(page, 'Edit').click();
    await page.getByLabel('E-mail address for letters').fill('jonas@example.org');
    await page.getByLabel('The client said yes to e-mails from us').check();
    await inspect(page, 'client-mail');
    await button(page, 'Save').click();
    await page.getByText('e-mails to jonas@example.org').waitFor();
  });
  const address = await step(page, 'a calendar as a QR code', async () => {
    await page.getByRole('heading', { level: 2 }).getByRole('link').first().click();
    await page.getByRole('link', { name: 'Consent and sessions' }).click();
    return makeLink(page, 'Days after the session, for a calendar');
  });
  await letters(page, client);
  await ownCalendar(page);
  await asGuest(page, address);
}

/** In the book; the address for the client's phone. */
export async function makeLink(page: Page, what: string): Promise<string> {
  await button(page, 'Make a link').click();
  await page.getByRole('dialog').getByText(what).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('img', { name: 'The same address as a QR code' }).waitFor();
  await inspect(page, 'link-qr');
  const made = await page.getByLabel('Address', { exact: true }).inputValue();
  await button(page, 'Done').click();
  return made;
}

const letters = (page: Page, client: string) => step(page, 'letters that wait', async () => {
  await page.getByRole('link', { name: 'E-mail' }).click();
  await button(page, 'Look now').click();
  await page.getByText('the mail server did not answer').first().waitFor();
  await page.getByRole('link', { name: client }).first().waitFor();
  await inspect(page, 'mail');
  await page.getByLabel('Send a test to').fill('mara@example.org');
  await refusing(async () => {
    await button(page, 'Send a test').click();
    await page.getByText('The mail server does not answer.').waitFor();
  });
  await button(page, `Take the letter to ${client} back`).first().click();
  await page.getByText('taken back').first().waitFor();
  await inspect(page, 'mail-taken-back');
});

const ownCalendar = (page: Page) => step(page, 'a calendar of one\'s own', async () => {
  await page.getByRole('banner').getByRole('link', { name: 'Mara Lind' }).click();
  await button(page, /^Make (a calendar|it anew)/).click();
  await page.getByText('This password is shown only now.').waitFor();
  const secret = await page.getByLabel('Password', { exact: true }).last().inputValue();
  const feed = await page.request.get(`${url()}/api/feed.ics`, { headers: { authorization: `Basic ${btoa(`studio:${secret}`)}` } });
  if (!(await feed.text()).includes('SUMMARY:J. W.')) throw new Error(`the calendar holds no initials: ${feed.status()}`);
  await inspect(page, 'my-calendar');
});

/** The client's own phone beside this page. */
export async function openPhone(page: Page, locale: string): Promise<Page> {
  const browser = page.context().browser();
  if (!browser) throw new Error('no browser');
  return openPage(browser, { width: 390, height: 844 }, { locale });
}

/** What the links of letters open, on a phone. */
async function asGuest(page: Page, address: string): Promise<void> {
  const phone = await openPhone(page, 'de-DE');
  await step(phone, 'a letter\'s links on a phone', async () => {
    await phone.goto(here(address));
    await phone.getByRole('heading', { name: 'Ihre nächsten Tage' }).waitFor();
    await inspect(phone, 'guest-days');
    await phone.goto('about:blank');
    await phone.goto(here(await stopLink(page)));
    await phone.getByRole('button', { name: 'E-Mails beenden' }).waitFor();
    await inspect(phone, 'guest-stop');
    await phone.getByRole('button', { name: 'E-Mails beenden' }).click();
    await phone.getByRole('heading', { name: 'Es kommen keine E-Mails mehr' }).waitFor();
    await inspect(phone, 'guest-stopped');
  });
  await phone.context().close();
}

/** Addresses lead to where clients reach the studio; in a test that is here. */
const here = (address: string) => address.replace('https://studio.example.org', url());

/** A link as it stands below every letter: those themselves are sealed. */
async function stopLink(page: Page): Promise<string> {
  const { token } = (await (await page.request.get(`${url()}/api/state`)).json()) as { token: string };
  const { clients } = (await (await page.request.get(`${url()}/api/clients?query=Jonas&limit=1&offset=0`)).json()) as { clients: { id: string }[] };
  const { cases } = (await (await page.request.get(`${url()}/api/clients/${clients[0]?.id}`)).json()) as { cases: { id: string }[] };
  const made = await page.request.post(`${url()}/api/cases/${cases[0]?.id}/links`, { data: { kind: 'stop_mail', days: 1 }, headers: { 'X-Stipple-Token': token } });
  return ((await made.json()) as { address: string }).address;
}
