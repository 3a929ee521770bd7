import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { sha256, storedDigests } from '../world/archived.ts';
import { discImageOf, hasProgram, udfImageOf } from '../world/archives/disc-image.ts';
import { discZip } from '../world/archives/disc-zip.ts';
import { aZip } from '../world/archives/zip.ts';
import { launchBrowser } from '../world/browser.ts';
import { type Disc, aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { transferSyntaxes } from '../world/dicom/part10.ts';
import { aStudy } from '../world/dicom/study.ts';
import type { Facility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada, noah } from '../world/people.ts';
import {
  bill,
  chooseFiles,
  chooseFolder,
  confirm,
  discSummary,
  examPictures,
  exams,
  leftBehind,
  upload,
} from '../world/visits/outside-clinic.ts';
import { aSenderAt } from '../world/visits/sender.ts';

const TWO_PEOPLE = '2 patients, 4 exams, 18 images';
const OTHERS = 9;

let house: House;
let browser: Browser;
let folder: string;
before(async () => {
  house = await aHouse();
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(os.tmpdir(), 'filmpost-archives-'));
});
after(async () => {
  await browser?.close();
  await house?.close();
  await rm(folder, { recursive: true, force: true });
});

const aSender = (t: TestContext, beforehand?: () => void) => aSenderAt(t, { house, browser, beforehand });

async function aFile(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

const digestsOf = (disc: Disc, patient: string) =>
  disc.studies
    .filter((study) => study.patient.name === patient)
    .flatMap((study) => study.files.map(({ bytes }) => sha256(bytes)))
    .sort();

/** Three exams of Ada, one of Noah that should not be there, and what a burning station adds. */
const tame = aDisc({
  tame: true,
  studies: [
    aStudy({ key: 'told/chest', studyDescription: 'Chest', series: [{ modality: 'DX', instances: 2 }] }, 1),
    aStudy(
      { key: 'told/head', studyDescription: 'CT Head', series: [{ instances: 8 }, { instances: 4 }] },
      2,
    ),
    aStudy(
      {
        key: 'told/echo',
        studyDescription: 'Echo',
        series: [{ modality: 'US', numberOfFrames: 3, instances: 1 }],
      },
      3,
    ),
    aStudy(
      {
        key: 'told/wrist',
        studyDescription: 'Wrist',
        patient: noah,
        series: [{ modality: 'CR', instances: 3, transferSyntaxUid: transferSyntaxes.rleLossless }],
      },
      4,
    ),
  ],
});

/** What the page must say of the disc, sent in whatever form. */
async function expectUnderstood(page: Page, summary: string): Promise<void> {
  assert.equal(summary, TWO_PEOPLE);
  assert.deepEqual(await exams(page), {
    Chest: true,
    'CT Head': true,
    Echo: true,
    Wrist: false,
  });
  await page.getByText(`${OTHERS} other files will not be sent`).waitFor();
}

/** Upload to Success; the bill adds up to all the files of the disc and every image of Ada is there, byte for byte. */
async function expectArrives(page: Page, facility: Facility): Promise<void> {
  await upload(page);
  await confirm(page);
  const lines = await bill(page);
  const counted = lines.reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
  assert.equal(counted, tame.files.length, lines.join('\n'));
  assert.deepEqual(await storedDigests(house.exchange, facility.id), digestsOf(tame, ada.name));
}

test('a folder is understood: whose it is, what is on it, how it looks, and what stays behind', async (t) => {
  const { page, expectClean } = await aSender(t);
  await using disc = await discFolder(tame);
  await expectUnderstood(page, await chooseFolder(page, disc.directory));
  await page.getByRole('region', { name: 'Lovelace, Noah' }).getByText('Another patient').waitFor();
  const left = await leftBehind(page);
  const counted = left.reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
  assert.equal(counted, OTHERS, left.join('\n'));
  for (const { mean, spread } of await examPictures(page, 4)) {
    assert.ok(spread > 100 && mean > 10 && mean < 245, 'a picture shows something');
  }
  await expectClean();
});

const forms: [string, () => Promise<string> | string, string | false][] = [
  ['a ZIP', () => aFile('disc.zip', discZip(tame.files)), false],
  [
    'a ZIP within a deflated ZIP',
    () => aFile('outer.zip', aZip([{ name: 'disc.zip', bytes: discZip(tame.files), deflated: true }])),
    false,
  ],
  [
    'an ISO 9660 image',
    () => imageOf('disc.iso', (directory) => discImageOf(directory, 'joliet')),
    !hasProgram('xorriso') && 'xorriso is not installed',
  ],
  [
    'a UDF image within a ZIP',
    async () => {
      await using disc = await discFolder(tame);
      const bytes = udfImageOf(disc.directory);
      return aFile('udf.zip', aZip([{ name: 'disc.img', bytes, deflated: true }]));
    },
    !hasProgram('genisoimage') && 'genisoimage is not installed',
  ],
];

async function imageOf(name: string, make: (directory: string) => Buffer): Promise<string> {
  await using disc = await discFolder(tame);
  return aFile(name, make(disc.directory));
}

for (const [form, make, skip] of forms) {
  test(`${form} is a disc like any other, and arrives byte for byte`, { skip }, async (t) => {
    const { page, facility, expectClean } = await aSender(t);
    await expectUnderstood(page, await chooseFiles(page, [await make()]));
    await expectArrives(page, facility);
    await expectClean();
  });
}

test('a disc of somebody else is named and nothing of it is ticked, until somebody decides', async (t) => {
  const { page } = await aSender(t);
  await using disc = await discFolder({ files: aDisc({ tame: true, studies: tame.studies.slice(3) }).files });
  assert.equal(await chooseFolder(page, disc.directory), '1 patient, 1 exam, 3 images');
  assert.deepEqual(await exams(page), { Wrist: false });
  await page.getByText('This looks like the disc of another patient').waitFor();
  await page
    .getByText(/It holds exams of Lovelace, Noah, and the request asks for A… L…, born 1981/)
    .waitFor();
  const button = page.getByRole('button', { name: 'Upload', exact: true });
  assert.equal(await button.isDisabled(), true);
  await page.getByRole('checkbox', { name: 'Wrist' }).press('Space');
  assert.equal(await button.isDisabled(), false);
});

test('an archive that stays closed is said to, with what to do, and the rest goes', async (t) => {
  const { page, facility, expectClean } = await aSender(t);
  const [first, second] = tame.studies[0]?.files ?? [];
  assert.ok(first && second);
  const locked = aZip([{ name: 'IM1', bytes: first.bytes, lies: { flags: 1 } }]);
  const inner = aZip([{ name: 'IM1', bytes: first.bytes }]);
  const deep = aZip([{ name: 'b.zip', bytes: aZip([{ name: 'a.zip', bytes: inner }]) }]);
  const bent = { name: 'IM2', bytes: second.bytes, deflated: true, lies: { crc32: 1 } };
  const files = [
    await aFile('IM1', first.bytes),
    await aFile('locked.zip', locked),
    await aFile('cut.zip', inner.subarray(0, inner.length - 40)),
    await aFile('deep.zip', deep),
    await aFile('disc.rar', Buffer.from('Rar!\x1a\x07\x01\0 and so on', 'latin1')),
    await aFile('bent.zip', aZip([bent])),
  ];
  assert.equal(await chooseFiles(page, files), '1 patient, 1 exam, 2 images');
  await page.getByText('4 archives or files in archives could not be opened').waitFor();
  for (const words of [
    /locked with a password/,
    /ends too early/,
    /within an archive within/,
    /only .zip and .iso/,
  ])
    await page.locator('summary', { hasText: words }).waitFor();
  await upload(page);
  await confirm(page);
  const lines = await bill(page);
  assert.ok(lines.includes('1 image arrived'), lines.join('\n'));
  assert.ok(
    lines.some((line) =>
      /^1left out: It is damaged within its archive|^1 left out: It is damaged/.test(line),
    ),
  );
  const counted = lines.reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
  assert.equal(counted, 6, lines.join('\n'));
  assert.deepEqual(await storedDigests(house.exchange, facility.id), [sha256(first.bytes)]);
  await expectClean();
});

test('a photo of a picture is no picture of ours, and the page says why', async (t) => {
  const { page } = await aSender(t);
  const photo = await aFile('IMG_0001.jpg', Buffer.from('\xff\xd8\xff\xe0 a photo', 'latin1'));
  assert.equal(await chooseFiles(page, [photo]), 'There are no medical images here');
  await page.getByText(/Photos and screenshots of images cannot be used/).waitFor();
});

test('a browser that chooses no folders offers files, and an archive may be dropped as well', async (t) => {
  const { page } = await aSender(t, () =>
    Reflect.deleteProperty(HTMLInputElement.prototype, 'webkitdirectory'),
  );
  await page.getByRole('button', { name: 'Choose folder' }).waitFor({ state: 'detached' });
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).press('Enter');
  assert.equal((await chooser).isMultiple(), true);
  const archive = discZip(tame.files.slice(-4)).toString('base64');
  const dropped = await page.evaluateHandle(async (encoded) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], 'disc.zip'));
    return transfer;
  }, archive);
  await page.getByRole('group', { name: 'Drag it here' }).dispatchEvent('drop', { dataTransfer: dropped });
  assert.equal(await discSummary(page), '2 patients, 2 exams, 4 images');
});

/** Counts what the page could not answer for, in milliseconds. */
async function watchLongTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
    });
    Reflect.set(window, 'longTasks', tasks);
  });
  return () => page.evaluate(() => Reflect.get(window, 'longTasks'));
}

test('a disc of five thousand files is understood within seconds', async (t) => {
  const { page } = await aSender(t);
  const series = Array.from({ length: 4 }, () => ({ instances: 1100, rows: 96, columns: 96 }));
  const large = aDisc({
    tame: true,
    studies: [aStudy({ key: 'told/large', studyDescription: 'CT', series })],
  });
  const junk = Array.from({ length: 600 }, (_, i) => ({
    path: `VIEWER/HELP/PAGE${i}.HTM`,
    pathOnDisk: `VIEWER/HELP/PAGE${i}.HTM`,
    bytes: Buffer.from(`<html>${'help '.repeat(1000)}</html>`),
  }));
  await using disc = await discFolder({ files: [...large.files, ...junk] });
  const longTasks = await watchLongTasks(page);
  const begun = performance.now();
  assert.equal(await chooseFolder(page, disc.directory), '1 patient, 1 exam, 4,400 images');
  t.diagnostic(`5,009 files understood in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  await page.getByText('609 other files will not be sent').waitFor();
  await examPictures(page, 1);
  t.diagnostic(`long tasks of the page: ${(await longTasks()).map(Math.round).join(', ') || 'none'} ms`);
});
