import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type Facility, aFacility, aStaffMember, maya } from '../world/facility.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { tabAndPress, tabAndType, tabTo } from '../world/keyboard.ts';
import { ada, noah } from '../world/people.ts';
import type { HandedRequest } from '../world/visits/clerk.ts';
import { exams } from '../world/visits/outside-clinic.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const disc = aDisc({
  studies: [
    aStudy({ key: 'keys/head', studyDescription: 'CT Head', series: [{ instances: 8 }] }, 1),
    aStudy({ key: 'keys/chest', studyDescription: 'Chest', series: [{ modality: 'DX', instances: 2 }] }, 2),
    aStudy({ key: 'keys/stray', studyDescription: 'Hand', patient: noah, series: [{ modality: 'CR' }] }, 3),
  ],
  tame: true,
});

let house: House;
let browser: Browser;
let facility: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange, { slug: 'st-antony' });
  await aStaffMember(house.exchange, facility, maya);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const field = (page: Page, name: string) => page.getByRole('textbox', { name });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 });
const beside = (clerk: Page) => clerk.getByRole('complementary');

/** Settles when a stage is there: one heading says which, and has the focus, so that the next Tab goes on from it. */
async function stage(page: Page, name: string | RegExp): Promise<void> {
  await heading(page, name).waitFor();
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `one heading at ${name}`);
  await page.waitForFunction(
    (element) => element === document.activeElement,
    await heading(page, name).elementHandle(),
  );
}

/** A request made from the list, read from the screen, and left open beside it. */
async function ask(clerk: Page): Promise<HandedRequest> {
  await tabAndPress(clerk, clerk.getByRole('link', { name: 'New request' }));
  await tabAndType(clerk, field(clerk, 'Family name'), 'Lovelace');
  await tabAndType(clerk, field(clerk, 'Given name'), 'Ada');
  await tabAndType(clerk, field(clerk, 'Date of birth'), '1981/08/29');
  await tabAndType(clerk, field(clerk, 'Outside facility'), 'Palm Beach Imaging');
  await tabAndType(clerk, field(clerk, 'Request Details'), 'All prior imaging of the head.');
  await tabAndPress(clerk, button(clerk, 'Make the request'));
  const shown = (label: string) =>
    clerk.getByRole('group', { name: label, exact: true }).locator('.select-all').textContent();
  const handed = { url: (await shown('Request Page')) ?? '', pin: (await shown('PIN')) ?? '' };
  await tabAndPress(clerk, clerk.getByRole('link', { name: 'Open the request' }));
  await beside(clerk).waitFor();
  return handed;
}

/** Step 4: the button is pressed, and the browser's own window answered. */
async function choose(sender: Page, folder: string): Promise<void> {
  const chooser = sender.waitForEvent('filechooser');
  await tabAndPress(sender, button(sender, 'Choose folder'));
  await (await chooser).setFiles(folder);
}

/** The next answer to this question comes when the page has heard what it brought about. */
async function answeredAfterTheNews(page: Page, procedure: string): Promise<void> {
  let heard = () => {};
  const news = new Promise<void>((resolve) => (heard = resolve));
  await page.route(
    `**/trpc/${procedure}**`,
    async (route) => {
      const answer = await route.fetch();
      await news;
      await route.fulfill({ response: answer });
    },
    { times: 1 },
  );
  const session = await page.context().newCDPSession(page);
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    if (response.payloadData.includes('"withdrawn"')) heard();
  });
  await session.send('Network.enable');
}

async function begin(sender: Page, { url, pin }: HandedRequest): Promise<void> {
  await sender.goto(url);
  await tabAndType(sender, field(sender, 'PIN'), pin.replaceAll(/\D/g, ''));
  await tabAndPress(sender, button(sender, 'Begin'));
  await stage(sender, 'St. Antony Memorial Hospital asks for these images');
}

test('J6 and J7 with the keyboard alone, on both sides', { timeout: 600_000 }, async (t) => {
  await using folder = await discFolder(disc);
  const watching = { secrets: [...secretsOf(ada), ...secretsOf(noah)] };
  const desk = await aWatchedContext(browser, house, watching);
  const clinic = await aWatchedContext(browser, house, watching);
  picturesOfFailure(t, { desk, clinic });
  const [clerk, sender] = [desk.page, clinic.page];
  let request = { url: '', pin: '' };

  await t.test('a clerk signs in and asks', async () => {
    await clerk.goto(`${house.url}/sign-in`);
    await tabAndType(clerk, field(clerk, 'E-mail address'), maya.email);
    await tabAndType(clerk, clerk.getByLabel('Password'), maya.password);
    await clerk.keyboard.press('Enter');
    await heading(clerk, 'Requests').waitFor();
    request = await ask(clerk);
  });

  await t.test('the clinic enters, looks at its disc and ticks', async () => {
    await begin(sender, request);
    await tabAndPress(sender, button(sender, 'Ready to Upload'));
    await stage(sender, 'Select the entire CD, USB drive or folder');
    await choose(sender, folder.directory);
    await stage(sender, '2 patients, 3 exams, 13 images');
    await tabAndPress(sender, sender.getByText(/other files will not be sent/));
    await sender.getByText('not medical images').waitFor();
    assert.deepEqual(await exams(sender), { 'CT Head': true, Chest: true, Hand: false });
    await tabAndPress(sender, sender.getByRole('checkbox', { name: 'Chest' }), 'Space');
    assert.deepEqual(await exams(sender), { 'CT Head': true, Chest: false, Hand: false });
    await sender.keyboard.press('Space');
  });

  await t.test('what was sent is taken back, and sent after all', async () => {
    await tabAndPress(sender, button(sender, 'Upload'));
    await stage(sender, 'Everything has arrived');
    await tabAndPress(sender, button(sender, 'Take back this upload'));
    await tabAndPress(sender, button(sender, 'Go on with it'));
    await button(sender, 'Take back').waitFor({ state: 'detached' });
    // The dialog gives the focus back to what opened it.
    await sender.keyboard.press('Enter');
    await answeredAfterTheNews(sender, 'uploads.withdraw');
    await tabAndPress(sender, button(sender, 'Take back'));
    await stage(sender, 'Select the entire CD, USB drive or folder');
    await choose(sender, folder.directory);
    await stage(sender, '2 patients, 3 exams, 13 images');
    await tabAndPress(sender, button(sender, 'Upload'));
    await stage(sender, 'Everything has arrived');
    await tabAndPress(sender, button(sender, 'Confirm'));
    await stage(sender, "Success! Your upload is processing and there's nothing more you need to do");
    await tabAndPress(sender, button(sender, 'Leave'));
    await heading(sender, /^Send images to/).waitFor();
  });

  await t.test('the clerk sees what came and opens it', async () => {
    await beside(clerk).getByText('Uploaded', { exact: true }).first().waitFor();
    await tabAndPress(clerk, beside(clerk).getByRole('link', { name: /View imaging of CT Head/ }));
    await heading(clerk, /Lovelace, Ada|CT Head/).waitFor();
    await clerk.goto(`${house.url}/desk/st-antony`);
  });

  await t.test('another request is declined, taken up again, and cancelled', async () => {
    await heading(clerk, 'Requests').waitFor();
    const other = await ask(clerk);
    await begin(sender, other);
    await tabAndPress(sender, button(sender, "Don't have the requested records?"));
    await stage(sender, 'Decline this request');
    await tabTo(sender, sender.getByRole('radio', { checked: true }));
    await sender.keyboard.press('ArrowDown');
    await tabAndType(sender, field(sender, 'Your name'), 'Jo Brook');
    await tabAndPress(sender, button(sender, 'Decline'));
    await stage(sender, 'You have declined this request');
    await beside(clerk).getByText('Declined', { exact: true }).waitFor();
    await tabAndPress(sender, button(sender, 'Upload images after all'));
    await tabAndPress(sender, button(sender, 'Ready to Upload'));
    await choose(sender, folder.directory);
    await stage(sender, '2 patients, 3 exams, 13 images');
    await tabAndPress(sender, button(sender, 'Upload'));
    await stage(sender, 'Everything has arrived');
    await tabAndPress(clerk, button(clerk, 'Cancel request'));
    const sure = clerk.getByRole('dialog', { name: 'Cancel this request?' });
    await tabAndPress(clerk, sure.getByRole('button', { name: 'Cancel request' }));
    await beside(clerk).getByText('Cancelled', { exact: true }).waitFor();
    await stage(sender, 'The request was withdrawn');
  });
  for (const each of [desk, clinic]) await each.expectClean();
});
