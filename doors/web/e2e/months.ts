// Two months of one client on a clock of its own: intake on the phone, plan, consents, the session, days of care, four check-ins, the
// photograph two months later held against the one before, and the case shown to strangers and taken back.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { saved, session, sign, toBook, toCase } from './book.ts';
import { clockFile, complaints, fileOf, inspect, nearer, PATIENCE_MS, photo, photoAfter, step, url } from './browser.ts';
import { button } from './hands.ts';
import { firstRun, newCase, read, signInAgain } from './journey.ts';
import { makeLink, openPhone } from './mail.ts';
import { addPhotograph, laterPhotograph, measured } from './outcome.ts';
import { country, show, takenBack } from './showing.ts';

const DAY_MS = 86_400_000;
/** The day of the follow-up, which is the machine's own: what is signed then must be valid when it is looked at. */
const LAST = 62;

/** On a page that was never opened before. */
export async function months(page: Page, client: string): Promise<void> {
  const phone = await openPhone(page, 'en-US');
  const heard = complaints(phone);
  const onDay = (day: number) => setClock([page, phone], day);
  await onDay(0);
  await firstRun(page);
  await firstVisit(page, phone, client);
  const link = await step(page, 'a link for the days after', async () => {
    await toBook(page, client);
    return makeLink(page, 'How the skin heals');
  });
  for (const day of [1, 3, 14, 28]) {
    await onDay(day);
    await tell(phone, link, day);
    if (day === 3) await warned(page, client);
  }
  await onDay(LAST);
  await followUp(page, phone, client);
  await toResult(page, client);
  await show(page);
  await takenBack(page, phone, client);
  await phone.context().close();
  if (heard.length) throw new Error(`on the phone:\n${heard.join('\n')}`);
}

/** Sets the clocks of the studio and of both screens to so many days after the first visit; they go on from there. */
async function setClock(pages: Page[], day: number): Promise<void> {
  writeFileSync(clockFile(), String(day - LAST));
  for (const page of pages) await page.clock.setSystemTime(Date.now() + (day - LAST) * DAY_MS);
  // because the studio looks at the file every 50 ms
  await new Promise((done) => setTimeout(done, 200));
}

/** Where nobody is signed in any more, because days have passed. */
async function comeBack(page: Page): Promise<void> {
  await page.goto(url());
  await button(page, 'Sign in').waitFor();
  await signInAgain(page);
}

async function firstVisit(page: Page, phone: Page, client: string): Promise<void> {
  await step(page, 'sign in on the first day', () => comeBack(page));
  await newCase(page, client);
  const link = await step(page, 'a link for the questions before', async () => {
    await toBook(page, client);
    return makeLink(page, 'Questions before the treatment');
  });
  await intake(phone, link);
  await step(page, 'photograph and reading', async () => {
    await toCase(page, client);
    await addPhotograph(page, fileOf(photo(), client));
    await read(page);
  });
  await step(page, 'plan and report with the answers from the phone', async () => {
    await page.getByRole('link', { name: 'On to the plan' }).click();
    await page.locator('dl dd').first().waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('link', { name: 'Report', exact: true }).click();
    await page.getByText('39 of 39 answered').waitFor();
    await button(page, 'Make the report').click();
    await page.getByRole('link', { name: 'Report (PDF)' }).waitFor({ timeout: PATIENCE_MS });
    await page.getByText('What to expect once healed').waitFor();
    if (await page.getByText('Pigmentation is not the way here').count()) throw new Error('the answers speak against what follows');
    await inspect(page, 'report-answered');
  });
  await step(page, 'consents to the treatment and to be shown', async () => {
    await toBook(page, client);
    await sign(page, 'Treatment');
    await sign(page, 'Publication');
    await sign(page, 'Photographs');
    await page.getByText(/Nothing stands between|that nobody has answered/).waitFor();
  });
  await howAreYou(page);
  await session(page);
  await careCalendar(page);
}

/** Groups of questions with every kind of field between them. */
const INSPECTED = ['Your scar', 'What was done before', 'About you', 'How you live', 'What you hope for'];

/** Everything answered, so that nothing is open at the visit. */
const intake = (phone: Page, link: string) => step(phone, 'the client answers on the phone', async () => {
  await phone.goto(link);
  await button(phone, 'Begin').waitFor();
  await inspect(phone, 'guest-intake');
  await button(phone, 'Begin').click();
  const finish = button(phone, 'Finish');
  for (;;) {
    for (const group of await phone.getByRole('group').all()) await group.getByText('No', { exact: true }).click();
    // hair that is worn short, because dots do nothing under long hair; day of the operation, day of birth
    for (const field of await phone.locator('input[type=date]').all()) await field.fill('1990-05-31');
    for (const field of await phone.getByRole('spinbutton').all()) await field.fill('2');
    for (const choice of await phone.locator('.question select').all()) await choice.selectOption({ index: 1 });
    for (const never of await button(phone, 'never').all()) await never.click();
    for (const words of await phone.locator('textarea').all()) await words.fill('To wear my hair short at the pool.');
    await phone.getByText('Saved').waitFor();
    const group = await phone.getByRole('heading', { level: 1 }).innerText();
    if (INSPECTED.includes(group)) await inspect(phone, 'guest-questions');
    if (await finish.isVisible()) break;
    await button(phone, 'Next').click();
  }
  await finish.click();
  await phone.getByText('39 of 39 answered').waitFor();
  await inspect(phone, 'guest-thanks');
});

/** Before it, at the clinic. */
const howAreYou = (page: Page) => step(page, 'how are you, before', async () => {
  await button(page, 'Ask the client').click();
  const dialog = page.getByRole('dialog');
  const groups = await dialog.getByRole('group').all();
  for (const [place, answer] of ['8', 'a little', '3', 'No', 'No'].entries()) await groups[place]?.getByText(answer, { exact: true }).click();
  await inspect(page, 'wellbeing-before');
  await button(dialog, 'Save').click();
  await saved(page);
});

/** Healed, on the client's own phone. */
const healed = (page: Page, phone: Page, client: string) => step(page, 'how are you, healed', async () => {
  await toBook(page, client);
  const link = await makeLink(page, 'How are you?');
  await phone.goto('about:blank');
  await phone.goto(link);
  await phone.getByRole('heading', { name: 'How are you?' }).waitFor();
  const groups = await phone.getByRole('group').all();
  for (const [place, answer] of ['2', 'very', '8', 'No', 'No'].entries()) await groups[place]?.getByText(answer, { exact: true }).click();
  await inspect(phone, 'guest-wellbeing');
  await button(phone, 'Send').click();
  await phone.getByRole('heading', { name: 'Your answers have arrived' }).waitFor();
  await page.reload();
  await page.getByText('alone, by a link').waitFor();
  await button(page, /^Score the scar/).click();
  const dialog = page.getByRole('dialog');
  for (const item of await dialog.getByRole('group').all()) await item.locator('label').first().click();
  await inspect(page, 'scar-beside');
  await button(dialog, 'Save').click();
  await saved(page);
});

/** The days of care as a file, the first of which is today. */
const careCalendar = (page: Page) => step(page, 'care calendar', async () => {
  const link = page.getByRole('link', { name: /^Care calendar/ }).first();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const days = [...readFileSync(await download.path(), 'utf8').matchAll(/DTSTART[^:]*:(\d{8})/g)].map(([, day]) => day ?? '');
  const today = (await page.evaluate(() => new Date().toLocaleDateString('sv'))).replaceAll('-', '');
  if (days.toSorted()[0] !== today) throw new Error(`the first of ${days.length} days of care is ${days.toSorted()[0]}, and today is ${today}`);
  await link.scrollIntoViewIfNeeded();
  await inspect(page, 'book-session');
});

/** Days on which the client also sends a photograph. */
const PHOTOGRAPHED = [3, 28];

/** All is well, except on the third day, when the redness spreads. */
const tell = (phone: Page, link: string, day: number) => step(phone, `the client tells on day ${day}`, async () => {
  await phone.goto('about:blank');
  await phone.goto(link);
  await phone.getByRole('heading', { name: `Day ${day} after your session` }).waitFor();
  await phone.getByRole('group', { name: /hurt now/ }).getByText(day < 14 ? '2' : '0', { exact: true }).click();
  await phone.getByText(day === 3 ? 'The red gets stronger or spreads' : day < 14 ? 'Red, but less' : 'Not red').click();
  for (const question of [/fever or chills/, /hives/]) await phone.getByRole('group', { name: question }).getByText('No', { exact: true }).click();
  if (day === 3) await phone.getByLabel('Anything else').fill('It is warm behind the ear.');
  if (day < 14) await inspect(phone, `guest-day-${day}`);
  await button(phone, 'Send').click();
  await phone.getByRole('heading', { name: 'Your answers have arrived' }).waitFor();
  await inspect(phone, `guest-advice-${day}`);
  if (PHOTOGRAPHED.includes(day)) await sendPhotograph(phone, day);
});

/** With the phone's camera; the studio measures it while nobody looks. */
async function sendPhotograph(phone: Page, day: number): Promise<void> {
  await phone.locator('input[type=file]').setInputFiles(await nearer(phone, photoAfter(), day));
  const send = button(phone, 'Send this photograph');
  await send.scrollIntoViewIfNeeded();
  if (day === PHOTOGRAPHED[0]) await inspect(phone, 'guest-photograph');
  await send.click();
  await phone.getByText('Your photograph has arrived').waitFor();
}

const warned = (page: Page, client: string) => step(page, 'a warning sign is seen', async () => {
  await comeBack(page);
  const line = page.getByRole('link', { name: `${client}, day 3` });
  await line.waitFor();
  await inspect(page, 'clients-warned');
  await line.click();
  await button(page, 'Seen: day 3').scrollIntoViewIfNeeded();
  await inspect(page, 'book-warned');
  await button(page, 'Seen: day 3').click();
  await page.getByText('Somebody has looked at this.').waitFor();
  await page.getByRole('link', { name: 'Clients' }).first().click();
  await page.getByRole('heading', { name: 'Clients' }).waitFor();
  await page.waitForTimeout(500);
  await inspect(page, 'clients-photograph');
  if (await line.count()) throw new Error('what was seen still stands in the list');
});

async function followUp(page: Page, phone: Page, client: string): Promise<void> {
  await step(page, 'sign in two months later', async () => {
    await comeBack(page);
    await toBook(page, client);
    await page.getByRole('heading', { name: 'Day 28 after the session' }).waitFor();
    await page.getByRole('heading', { name: 'What the client told' }).scrollIntoViewIfNeeded();
    await inspect(page, 'book-months');
    const healing = page.locator('section', { has: page.getByRole('heading', { name: 'How the redness goes' }) });
    for (const day of PHOTOGRAPHED) await healing.getByText(new RegExp(`Day ${day} after the session: .*before the treatment`)).waitFor();
    await healing.scrollIntoViewIfNeeded();
    await inspect(page, 'book-healing');
  });
  await healed(page, phone, client);
  await country(page);
  await step(page, `held against the one of ${LAST} days before`, async () => {
    await toCase(page, client);
    await button(page, 'Add a visit').click();
    await page.getByText('Follow-up').click();
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: /Follow-up/ }).waitFor();
    await laterPhotograph(page, fileOf(photoAfter(), client));
    const days = await page.getByLabel('Days since the last session').inputValue();
    if (days !== String(LAST)) throw new Error(`days since the last session: ${days}, and ${LAST} have passed`);
    await inspect(page, 'result-months-asked');
    await measured(page);
    await page.locator('.scroll').evaluate((pane) => (pane.scrollTop = 0));
    await inspect(page, 'result-months');
  });
}

/** From anywhere, by the way a practitioner would go the next time. */
const toResult = (page: Page, client: string) => step(page, 'the result is found again', async () => {
  await toCase(page, client);
  await page.getByRole('heading', { name: /Follow-up/ }).waitFor();
  await inspect(page, 'case-months');
  await page.getByRole('img', { name: /^Photograph of/ }).first().click();
  await page.getByRole('link', { name: 'Before/after', exact: true }).click();
  await page.getByRole('heading', { name: /be compared/ }).waitFor({ timeout: PATIENCE_MS });
});
