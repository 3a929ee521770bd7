import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { announce, finishUpload } from '@filmpost/exchange/intake/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, type Person, aFacility, aStaffMember } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { manyUploads } from '../world/many-uploads.ts';
import { ada } from '../world/people.ts';
import { aWriter, manifestOf, sendPack } from '../world/sending.ts';
import { signIn } from '../world/visits/clerk.ts';
import { anOpenedRequest } from '../world/visitors.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const PAST = 6_000;
const head: Person = {
  name: 'Head of Radiology',
  email: 'head@st-antony.example',
  password: 'fifteen letters and more',
  role: 'administrator',
};
const clerk: Person = { ...head, name: 'Clerk', email: 'clerk@st-antony.example', role: 'clerk' };

let house: House;
let browser: Browser;
let facility: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange, { slug: 'st-antony' });
  await aStaffMember(house.exchange, facility, head);
  await aStaffMember(house.exchange, facility, clerk);
  await manyUploads(house.exchange, facility, PAST);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

const figure = (page: Page, word: string) =>
  page.locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${word}$`) }) }).locator('dd');
const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('link') });

test('an administrator watches six thousand uploads, and one that arrives among them', async (t) => {
  const visitor = await aWatchedContext(browser, house, { secrets: secretsOf(ada) });
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await signIn(page, house, head);
  await page.getByRole('link', { name: 'Monitor' }).click();
  await page.getByRole('heading', { name: 'Live Upload Monitor' }).waitFor();
  await figure(page, 'Uploads').getByText('6,000', { exact: true }).waitFor();

  await t.test('only what is in view is drawn, to the last row', async () => {
    assert.ok((await rows(page).count()) < 60, 'a screenful');
    // Rows that come into view turn out taller or smaller than thought, and the end moves.
    await page.waitForFunction(() => {
      scrollTo(0, document.body.scrollHeight);
      return document.body.innerText.includes('Number 6000');
    });
    assert.ok((await page.getByRole('row').count()) < 60, 'a screenful still');
    await page.evaluate(() => scrollTo(0, 0));
  });

  await t.test('patient, modality and state narrow it, and the totals follow', async () => {
    await page.getByRole('searchbox', { name: 'Patient' }).fill('4711');
    await figure(page, 'Uploads').getByText('1', { exact: true }).waitFor();
    await page.getByText('Patient, Number 4711').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('combobox', { name: 'Modality' }).selectOption('MR');
    await figure(page, 'Uploads').getByText('2,000', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption('Running');
    await page.getByText('No upload fits').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await figure(page, 'Uploads').getByText('6,000', { exact: true }).waitFor();
  });

  await t.test('what is chosen is taken away as a table, to the last upload', async () => {
    const save = page.getByRole('button', { name: 'Save as a table (CSV)' });
    const table = async () => {
      const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
      assert.match(download.suggestedFilename(), /^uploads-\d{4}-\d\d-\d\d\.csv$/);
      return (await readFile(await download.path(), 'utf8')).split('\r\n').slice(1, -1);
    };
    assert.equal(new Set(await table()).size, PAST);
    await page.getByRole('searchbox', { name: 'Patient' }).fill('4711');
    await figure(page, 'Uploads').getByText('1', { exact: true }).waitFor();
    const [line = '', ...others] = await table();
    assert.deepEqual(others, []);
    assert.match(line, /,"Patient, Number 4711",/);
    await page.getByRole('button', { name: 'Show all' }).click();
    await figure(page, 'Uploads').getByText('6,000', { exact: true }).waitFor();
  });

  await t.test('a new upload appears by itself, moves, and tells its story', async () => {
    const { exchange } = house;
    const study = aStudy({ key: 'live', series: [{ modality: 'CT', instances: 4 }] });
    const request = await anOpenedRequest(exchange, facility);
    const writer = await aWriter(exchange, request);
    await announce(exchange, writer, manifestOf(study));
    const first = rows(page).first();
    await first.getByText('Lovelace, Ada').waitFor();
    await figure(page, 'Running').getByText('1', { exact: true }).waitFor();
    await sendPack(exchange, writer, study.files);
    await finishUpload(exchange, writer);
    await first.getByText('Waiting for Confirm').waitFor();
    await first.getByText('4 images').waitFor();
    await first.getByRole('link').click();
    for (const word of ['Opened', 'First images received', 'Everything sent', 'Everything checked'])
      await page.getByRole('listitem').filter({ hasText: word }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('listitem').filter({ hasText: 'Opened' }).waitFor({ state: 'detached' });
  });

  await t.test('two administrators see each other at one upload', async () => {
    const other = await aWatchedContext(browser, house, { secrets: secretsOf(ada) });
    await signIn(other.page, house, clerk);
    await rows(page).first().getByRole('link').click();
    await page.getByRole('listitem').filter({ hasText: 'Opened' }).waitFor();
    const uploadId = new URL(page.url()).pathname.split('/').at(-1);
    await other.page.goto(`${house.url}/desk/st-antony/uploads/${uploadId}`);
    await page.getByText('Clerk looks at this too').waitFor();
    await other.page.getByText('Head of Radiology looks at this too').waitFor();
    await other.context.close();
    await page.getByText('Clerk looks at this too').waitFor({ state: 'detached' });
  });
  await visitor.expectClean();
});

test('the monitor works on a phone', async (t) => {
  const visitor = await aWatchedContext(browser, house, {
    secrets: secretsOf(ada),
    viewport: { width: 390, height: 844 },
  });
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await signIn(page, house, head);
  await page.getByRole('link', { name: 'Monitor' }).click();
  await page.getByText('Number 1', { exact: false }).first().waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, 'nothing is wider than the screen');
  await visitor.expectClean();
});

test('a clerk who does not administer the facility finds no monitor', async (t) => {
  const visitor = await aWatchedContext(browser, house, { secrets: [], forgive: /status of 404/ });
  picturesOfFailure(t, { visitor });
  await signIn(visitor.page, house, clerk);
  assert.equal(await visitor.page.getByRole('link', { name: 'Monitor' }).count(), 0);
  const answer = await visitor.page.goto(`${house.url}/desk/st-antony/monitor`);
  assert.equal(answer?.status(), 404);
});
