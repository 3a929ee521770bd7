import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { sql } from 'kysely';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { launchBrowser } from '../world/browser.ts';
import { aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, type Person, aFacility, aStaffMember } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { type Line, aLine } from '../world/line.ts';
import { manyUploads } from '../world/many-uploads.ts';
import { ada } from '../world/people.ts';
import { signIn } from '../world/visits/clerk.ts';
import {
  chooseFolder,
  confirm,
  enterPin,
  getReady,
  sendAtMost,
  upload,
} from '../world/visits/outside-clinic.ts';
import { mark, neverReloaded } from '../world/visits/physician.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const PAST = 60;
const SLICES = 200;
/** Slow enough to be looked at, in bytes a second. */
const PACE = 1024 * 1024;
const phone = { width: 390, height: 844 };
const sam: Person = {
  name: 'Sam Okafor',
  email: 'sam@st-antony.example',
  password: 'fifteen letters and more',
  role: 'administrator',
};

let house: House;
let browser: Browser;
let facility: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange, { slug: 'st-antony' });
  await aStaffMember(house.exchange, facility, sam);
  await manyUploads(house.exchange, facility, PAST);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

const figure = (page: Page, word: string) =>
  page.locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${word}$`) }) }).locator('dd');
const totalIs = (page: Page, word: string, value: string) =>
  figure(page, word).getByText(value, { exact: true }).waitFor();
const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('link') });

/** Settles when the bar of the first row has moved on from where it stands now. */
async function barMoves(page: Page): Promise<void> {
  const bar = rows(page).first().getByRole('progressbar');
  const before = Number(await bar.getAttribute('aria-valuenow'));
  const handle = await bar.elementHandle();
  await page.waitForFunction(({ element, least }) => Number(element?.getAttribute('aria-valuenow')) > least, {
    element: handle,
    least: before,
  });
}

/** Settles when the books hold something of what is being sent. */
async function somethingArrived(): Promise<void> {
  const open = () =>
    house.exchange.db
      .selectFrom('upload')
      .select('bytesReceived')
      .where('state', '=', 'open')
      .executeTakeFirst();
  while (!((await open())?.bytesReceived ?? 0)) await setImmediate();
}

/** As if nothing had come for so long. */
async function silentFor(minutes: number): Promise<void> {
  await sql`update upload set last_byte_at = last_byte_at - ${minutes} * interval '1 minute'
    where state = 'open'`.execute(house.exchange.db);
}

test('J8: an administrator watches an upload from his phone, from its first byte to the record', async (t) => {
  const request = await createRequest(house.exchange, facility.work, {
    facility: facility.slug,
    patientName: ada.name,
    birthDate: '1981-08-29',
    outsideFacility: 'Palm Beach Imaging',
    details: 'CT of the head.',
  });
  const series = [{ modality: 'CT', instances: SLICES, rows: 512, columns: 512 }];
  const studies = [aStudy({ key: 'watched', studyDescription: 'CT Head', series })];
  const disc = aDisc({ studies, tame: true });
  await using folder = await discFolder(disc);
  const office = await aWatchedContext(browser, house, { secrets: secretsOf(ada), viewport: phone });
  const { page } = office;
  const line = await aLine();
  t.after(() => line.close());
  const clinic = (proxy?: Line['proxy']) =>
    aWatchedContext(browser, house, { secrets: secretsOf(ada), ...(proxy && { proxy }) });
  let sender = await clinic(line.proxy);
  picturesOfFailure(t, { office, sender });
  await page.clock.install();
  await signIn(page, house, sam);
  await page.getByRole('link', { name: 'Monitor' }).click();
  await totalIs(page, 'Uploads', '60');
  await totalIs(page, 'Running', '0');
  await mark(page);

  await t.test('who, whose, what, how far and how fast stands there while it comes', async () => {
    await enterPin(sender.page, request);
    await getReady(sender.page);
    await chooseFolder(sender.page, folder.directory);
    await sendAtMost(sender.page, PACE);
    await upload(sender.page);
    const row = rows(page).first();
    for (const words of ['Palm Beach Imaging', 'Lovelace, Ada', 'CT · 1 exam', 'Transfer in Progress'])
      await row.getByText(words).waitFor();
    await row.getByText(/of 200 images · [\d.]+ \w+\/s/).waitFor();
    await barMoves(page);
    await totalIs(page, 'Running', '1');
    await totalIs(page, 'Uploads', '61');
  });

  await t.test('name, modality, days and state narrow it, and the totals follow', async () => {
    const choose = (name: string, option: string) =>
      page.getByRole('combobox', { name }).selectOption({ label: option });
    await page.getByRole('searchbox', { name: 'Patient' }).fill('lovel');
    await totalIs(page, 'Uploads', '1');
    await page.getByRole('button', { name: 'More filters' }).click();
    await choose('Modality', 'CT');
    await page
      .getByLabel('From', { exact: true })
      .fill(await page.evaluate(() => new Date().toLocaleDateString('sv')));
    await choose('State', 'Running');
    await totalIs(page, 'Uploads', '1');
    await totalIs(page, 'Exams', '1');
    await barMoves(page);
    await choose('Modality', 'MR');
    await page.getByText('No upload fits').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await totalIs(page, 'Uploads', '61');
  });

  await t.test('half an hour without a byte stands out by itself', async () => {
    await somethingArrived();
    // A browser that is closed sends what was held back for its pace.
    line.cut();
    await sender.context.close();
    await silentFor(31);
    await page.clock.fastForward(61_000);
    await totalIs(page, 'Stuck', '1');
    await totalIs(page, 'Running', '0');
    const row = rows(page).first();
    await row.getByText('Stuck').waitFor();
    await row.getByText('Nothing has come for about').waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption({ label: 'Stuck' });
    await totalIs(page, 'Uploads', '1');
    await page.getByRole('button', { name: 'Show all' }).click();
    await totalIs(page, 'Uploads', '61');
  });

  await t.test('the sender goes on elsewhere, and the row tells its story to the end', async () => {
    sender = await clinic();
    await enterPin(sender.page, request);
    await chooseFolder(sender.page, folder.directory);
    await upload(sender.page);
    const row = rows(page).first();
    await row.getByText('Waiting for Confirm').waitFor();
    await totalIs(page, 'Stuck', '0');
    await confirm(sender.page);
    await row.getByText('Confirmed').waitFor();
    await row.getByText(`${SLICES} images`).waitFor();
    await totalIs(page, 'Running', '0');
    await row.getByRole('link').click();
    const steps = [
      'Opened',
      'First images received',
      'Everything sent',
      'Everything checked',
      'In your record',
    ];
    for (const words of steps) await page.getByRole('listitem').filter({ hasText: words }).waitFor();
    await page.getByText('Left out by the sender’s browser').waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, 'nothing is wider than the phone');
    assert.ok(await neverReloaded(page), 'all of it came by itself');
  });
  await sender.expectClean();
  await office.expectClean();
});
