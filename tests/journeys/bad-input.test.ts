import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, after, before, test } from 'node:test';
import { printedCode } from '@filmpost/exchange/access/codes/rules.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import type { CreatedRequest } from '@filmpost/exchange/requests/schema.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { sha256, storedDigests } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { longName, stationLitter, treacherousLitter } from '../world/dicom/litter.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import {
  bill,
  chooseFolder,
  confirm,
  discSummary,
  enterPin,
  getReady,
  upload,
} from '../world/visits/outside-clinic.ts';
import { enterCode } from '../world/visits/physician.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const birthDate = '1981-08-29';
/** Browsers log every answer that is a refusal. */
const REFUSALS = /status of 40[04]/;

let house: House;
let browser: Browser;
let facility: Facility;
let elsewhere: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange, { name: 'St. Antony Memorial Hospital', slug: 'st-antony' });
  elsewhere = await aFacility(house.exchange, { name: 'Lakeside Clinic', slug: 'lakeside' });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

function aRequest(at: Facility): Promise<CreatedRequest> {
  return createRequest(house.exchange, at.work, {
    facility: at.slug,
    patientName: ada.name,
    birthDate,
    details: 'Everything there is.',
  });
}

/** A page of somebody who may mistype; nothing of the patient may be left behind by that either. */
async function aVisitor(t: TestContext, secrets: string[] = []) {
  const visitor = await aWatchedContext(browser, house, {
    secrets: [...secretsOf(ada), ...secrets],
    forgive: REFUSALS,
  });
  picturesOfFailure(t, { visitor });
  t.after(() => visitor.context.close());
  return visitor;
}

/** Somebody who stands before step 4 with a disc in the hand. */
async function aSender(t: TestContext) {
  const request = await aRequest(facility);
  const visitor = await aVisitor(t, [request.pin]);
  await enterPin(visitor.page, request);
  await getReady(visitor.page);
  return visitor;
}

const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

test('an empty folder is called empty', { timeout: 300_000 }, async (t) => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'filmpost-empty-'));
  t.after(() => rm(directory, { recursive: true }));
  const { page, expectClean } = await aSender(t);
  await page.locator('input[webkitdirectory]').setInputFiles(directory);
  await says(page, 'This folder is empty');
  await says(page, 'Choose the CD or USB drive itself, or the folder into which the images were copied.');
  await expectClean();
});

test('a folder without images leads to choosing again', { timeout: 300_000 }, async (t) => {
  await using folder = await discFolder({
    files: stationLitter().map((file) => ({ ...file, pathOnDisk: file.path })),
  });
  const { page, expectClean } = await aSender(t);
  assert.equal(await chooseFolder(page, folder.directory), 'There are no medical images here');
  await says(page, `None of the ${stationLitter().length} files you chose is a DICOM image`);
  assert.equal(await page.getByRole('button', { name: 'Upload', exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Choose again' }).click();
  await says(page, 'Select the entire CD, USB drive or folder');
  await expectClean();
});

test(
  'damaged and disguised files are told apart, and the good ones beside them go through',
  { timeout: 300_000 },
  async (t) => {
    const study = aStudy({ key: 'beside', series: [{ instances: 3 }] });
    const [cut] = treacherousLitter(study.context).filter(({ path: name }) => name === 'DICOM/CUT');
    assert.ok(cut);
    const names = ['IM1', '🩻 head 頭.dcm', longName];
    const good = study.files.map(({ bytes }, at) => ({ name: names[at] ?? '', bytes }));
    const bad = [
      { name: 'fake.dcm', bytes: Buffer.from('This is a text file that somebody renamed.') },
      { name: 'EMPTY', bytes: Buffer.of() },
      { name: 'STUMP', bytes: cut.bytes.subarray(0, 200) },
    ];
    const { page, expectClean } = await aSender(t);
    const files = [...good, { name: 'CUT', bytes: cut.bytes }, ...bad];
    await page.locator('input[type=file]:not([webkitdirectory])').setInputFiles(
      files.map(({ name, bytes }) => ({
        name,
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(bytes),
      })),
    );
    assert.equal(await discSummary(page), '1 patient, 1 exam, 4 images');
    await says(page, '1 image is cut off on the disc');
    await says(page, 'It is sent as it is; its picture may be incomplete.');
    await says(page, '1 file looks like an image but is damaged');
    await upload(page);
    await confirm(page);
    assert.deepEqual(await bill(page), [
      '4 images arrived',
      '1 left out: not medical images: viewer programs, help pages and the like',
      '1 left out: empty files',
      '1 left out: The file ends before its picture begins; it may have been damaged when it was copied.',
    ]);
    assert.deepEqual(
      await storedDigests(house.exchange, facility.id),
      [...good, cut].map(({ bytes }) => sha256(bytes)).sort(),
    );
    await expectClean();
  },
);

const PIN_REFUSAL =
  'This PIN does not open a request here. Check it against the Request Page; after several tries, wait 15 minutes.';

test(
  'a wrong PIN and one of another facility are refused with the same words',
  { timeout: 300_000 },
  async (t) => {
    const [here, there] = [await aRequest(facility), await aRequest(elsewhere)];
    const wrong = here.pin === '111111' ? '222222' : '111111';
    for (const pin of [wrong, there.pin]) {
      const { page, expectClean } = await aVisitor(t, [pin]);
      await enterPin(page, { url: here.url, pin });
      await says(page, PIN_REFUSAL);
      assert.equal(await page.getByText('A… L…').count(), 0);
      await expectClean();
    }
  },
);

test(
  'a wrong code and a wrong date of birth are refused with the same words',
  { timeout: 300_000 },
  async (t) => {
    const { requestId } = await aRequest(facility);
    const asked = { facility: facility.slug, studyInstanceUids: [], requestId };
    const { url, code } = await createShare(house.exchange, facility.work, asked);
    const wrong = [...code].reverse().join('') === code ? 'ABCDEFGH2' : [...code].reverse().join('');
    const { page, expectClean } = await aVisitor(t, [code, printedCode(code), wrong]);
    for (const entry of [
      { code: wrong, birthDate },
      { code, birthDate: '1981/08/30' },
    ]) {
      await enterCode(page, { url, ...entry });
      await says(page, 'This security code and date of birth do not open a share');
    }
    await enterCode(page, { url, code: code.slice(0, 8), birthDate: '29 August' });
    await says(page, 'A security code has 9 letters and digits; this one has 8.');
    await says(page, 'Write the date as year, month and day: 1981/08/29.');
    await expectClean();
  },
);
