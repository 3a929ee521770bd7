import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { storedDigests } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { writeDicomdir } from '../world/dicom/dicomdir.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type House, aHouse } from '../world/house.ts';
import { bill, chooseFolder, confirm, leftBehind, upload } from '../world/visits/outside-clinic.ts';
import { aSenderAt } from '../world/visits/sender.ts';

let house: House;
let browser: Browser;
before(async () => {
  house = await aHouse();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

const study = aStudy({ key: 'listed', studyDescription: 'CT Chest', series: [{ instances: 20 }] }, 1);
const disc = aDisc({ tame: true, studies: [study] });
const gone = study.files.slice(0, 12).map(({ path }) => path);
const [, , , , , , , , , , , , scratched] = study.files;

const hint = (page: Page) => page.getByRole('status').filter({ hasText: "The disc's own list names" });

test('images that the list of a disc names and nobody chose are told to the clerk, and stand beside the bill', async (t) => {
  const { page, facility, expectClean } = await aSenderAt(t, { house, browser });
  const files = disc.files
    .filter(({ path }) => !gone.includes(path))
    .map((file) => (file.path === scratched?.path ? { ...file, bytes: new Uint8Array(5000) } : file));
  await using part = await discFolder({ files });
  assert.equal(await chooseFolder(page, part.directory), '1 patient, 1 exam, 7 images');
  await page
    .getByText(
      "The disc's own list names 12 images that are not in what you chose, and 1 image that could not be read",
    )
    .waitFor();
  await page.locator('summary', { hasText: 'Which are not there' }).press('Enter');
  const named = await hint(page).locator('li:visible').allTextContents();
  assert.deepEqual(named.map((name) => name.split('/').slice(1).join('/')).sort(), gone.toSorted());
  await upload(page);
  await confirm(page);
  await page
    .getByText("The disc's own list names 12 images that were not in what was chosen.", { exact: true })
    .waitFor();
  const counted = (await bill(page)).reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
  assert.equal(counted, files.length, 'what is only named is on no line of the bill');
  assert.equal((await storedDigests(house.exchange, facility.id)).length, 7);
  await expectClean();
});

test('a list that lies changes nothing about what is found, what goes and what stays', async (t) => {
  const { page, expectClean } = await aSenderAt(t, { house, browser });
  const [one] = study.files;
  assert.ok(one);
  const invented = Array.from({ length: 400 }, (_, at) => ({
    ...one,
    path: `../<img src=x onerror=alert(1)>${at}`,
    sopInstanceUid: `2.25.9${at}`,
  }));
  const lies = writeDicomdir('LIES', [{ context: study.context, files: invented }]);
  const files = disc.files.map((file) => (file.path === 'DICOMDIR' ? { ...file, bytes: lies } : file));
  await using folder = await discFolder({ files });
  assert.equal(await chooseFolder(page, folder.directory), '1 patient, 1 exam, 20 images');
  await page.getByText("The disc's own list names 400 images that are not in what you chose").waitFor();
  await page.locator('summary', { hasText: 'Which are not there' }).press('Enter');
  assert.equal(await hint(page).locator('li').count(), 51);
  await page.getByText('and 350 others').waitFor();
  await page.getByText('20 images will go to').waitFor();
  const left = await leftBehind(page);
  assert.equal(
    left.reduce((sum, line) => sum + Number.parseInt(line, 10), 0),
    files.length - 20,
  );
  await expectClean();
});

test('a disc whose list names what is there says nothing of it; a list alone is told to be one', async (t) => {
  const { page, expectClean } = await aSenderAt(t, { house, browser });
  await using whole = await discFolder(disc);
  assert.equal(await chooseFolder(page, whole.directory), '1 patient, 1 exam, 20 images');
  await page.locator('section li img').first().waitFor();
  assert.equal(await hint(page).count(), 0);
  await page.getByRole('button', { name: 'Choose again' }).press('Enter');
  await using alone = await discFolder({ files: disc.files.slice(0, 1) });
  assert.equal(await chooseFolder(page, alone.directory), 'There are no medical images here');
  await page.getByText("The disc's own list names 20 images that are not in what you chose").waitFor();
  await page.getByText('If this is a part of the disc, choose all of it').waitFor();
  await expectClean();
});
