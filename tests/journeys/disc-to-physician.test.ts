import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { holdingsOf, sha256 } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { type Disc, aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { patternAt } from '../world/dicom/pattern.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type Facility, aFacility, aStaffMember, maya } from '../world/facility.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada, noah } from '../world/people.ts';
import { unzipped } from '../world/unzipped.ts';
import { expectPicture, viewerPicture } from '../world/viewer-picture.ts';
import { type HandedRequest, makeRequest, revokeShare, shareRequest, signIn } from '../world/visits/clerk.ts';
import {
  bill,
  chooseFolder,
  confirm,
  enterPin,
  getReady,
  leftBehind,
  sentAtLeast,
  sendAtMost,
  upload,
} from '../world/visits/outside-clinic.ts';
import {
  examRow,
  mark,
  neverReloaded,
  openShare,
  rowBecomes,
  viewImaging,
  viewerFrame,
} from '../world/visits/physician.ts';
import { aWatchedContext, holdsOne, secretsOf } from '../world/watched.ts';

/** Nine packs, of which three travel at a time: there is a middle of the way. */
const SLICES = 576;
const chest = aStudy(
  {
    key: 'chest',
    studyDescription: 'Chest',
    studyDate: '20200329',
    series: [{ modality: 'DX', instances: 2 }],
  },
  1,
);
const head = aStudy(
  {
    key: 'head',
    studyDescription: 'CT Head',
    studyDate: '20260412',
    series: [{ instances: SLICES }],
  },
  2,
);
const echo = aStudy(
  { key: 'echo', studyDate: '20230911', series: [{ modality: 'US', numberOfFrames: 3, instances: 1 }] },
  3,
);
const stray = aStudy({ key: 'stray', patient: noah, series: [{ modality: 'CR', instances: 3 }] }, 4);
const disc: Disc = aDisc({ studies: [chest, head, echo, stray] });
/** What the request asks for; the image that the disc cuts off goes as it is. */
const asked = disc.files.filter(
  ({ path, instance }) => path === 'DICOM/CUT' || (instance && !stray.files.includes(instance)),
);

const secrets = [...secretsOf(ada), ...secretsOf(noah)];

let house: House;
let facility: Facility;
let browser: Browser;
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

/** The grey that the pattern of an instance of the head shows under its own window: all of twelve bits. */
function grayOf(sopInstanceUid: string): (column: number, row: number) => number {
  const instance = head.files.find((file) => file.sopInstanceUid === sopInstanceUid);
  assert.ok(instance, 'the viewer shows an image of the head');
  return (column, row) => (patternAt(instance.instanceNumber, column, row) / 4095) * 255;
}

/** Downloads every exam that is ready and returns the images that the ZIP holds. */
async function downloadExams(page: Page): Promise<Map<string, Buffer>> {
  await page.getByRole('button', { name: 'Download Exams' }).click();
  const dialog = page.getByRole('dialog', { name: 'Download Exams' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download Exams' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'IMAGES_Lovelace.zip');
  const zip = await readFile(await download.path());
  const answer = await page.request.fetch(download.url(), { headers: { range: 'bytes=0-0' } });
  assert.equal(answer.headers()['content-range'], `bytes 0-0/${zip.length}`);
  const whole = await page.request.get(download.url());
  assert.equal(Number(whole.headers()['content-length']), zip.length, 'its length is known beforehand');
  return new Map([...unzipped(zip)].filter(([name]) => name.startsWith('IMAGES/DICOMS/')));
}

const litter = [
  '10 not medical images: viewer programs, help pages and the like',
  '1 tables of contents; the images they list are taken on their own',
  '1 empty files',
];

/** Request and share as a clerk makes them, before anything has come. */
async function clerkAsks(clerk: Page) {
  await signIn(clerk, house, maya);
  const request = await makeRequest(clerk, {
    family: 'Lovelace',
    given: 'Ada',
    birthDate: '1981/08/29',
    outsideFacility: 'Palm Beach Imaging',
    details: 'All prior imaging of the head.',
  });
  assert.match(request.pin, /^\d{3} ?\d{3}$/);
  assert.equal(request.url, `${house.url}/r/st-antony`);
  const share = await shareRequest(clerk);
  assert.match(share.code, /^[2-9A-HJKMNP-TV-Z]{3}( - [2-9A-HJKMNP-TV-Z]{3}){2}$/);
  secrets.push(share.code.replaceAll(' - ', ''), share.code, request.pin.replaceAll(' ', ''));
  return { request, share };
}

/** Steps 1 to 5, with all that should be seen on the way. */
async function clinicUploads(sender: Page, request: HandedRequest, directory: string): Promise<void> {
  await enterPin(sender, request);
  await sender.getByText('A… L…, born 1981').waitFor();
  assert.equal(await sender.getByText('Lovelace').count(), 0, 'the outside clinic sees the patient masked');
  await getReady(sender);
  assert.equal(await chooseFolder(sender, directory), `2 patients, 4 exams, ${SLICES + 7} images`);
  const noahs = sender.getByRole('region', { name: 'Lovelace, Noah' });
  await noahs.getByText('Another patient').waitFor();
  assert.equal(
    await noahs.getByRole('checkbox').isChecked(),
    false,
    'exams of another patient are left unticked',
  );
  assert.deepEqual(await leftBehind(sender), litter);
  await sender.getByText('1 image is cut off on the disc').waitFor();
  await sendAtMost(sender, 256 * 1024);
  await upload(sender);
}

/** Opens an exam that still arrives and follows it until it is whole. */
async function physicianLooks(physician: Page, onSeen: () => Promise<void>): Promise<void> {
  const viewer = await viewImaging(physician, head.studyInstanceUid);
  const early = await viewerPicture(viewer);
  expectPicture(early, { grayAt: grayOf(early.sopInstanceUid) });
  await physician.getByText(/ of 576 images so far – do not report from an incomplete series/).waitFor();
  await onSeen();
  await physician.getByRole('button', { name: /new images – load/ }).click();
  const later = await viewerPicture(await viewerFrame(physician));
  expectPicture(later, { grayAt: grayOf(later.sopInstanceUid) });
  await physician.getByRole('link', { name: 'Study List' }).click();
}

async function physicianDownloads(physician: Page): Promise<void> {
  const files = await downloadExams(physician);
  assert.deepEqual(
    [...files.keys()],
    asked.map((_, at) => `IMAGES/DICOMS/IM${at + 1}`),
  );
  assert.deepEqual(
    [...files.values()].map(sha256).sort(),
    asked.map(({ bytes }) => sha256(bytes)).sort(),
    'every file is one of the disc, byte for byte, and none is missing',
  );
}

test('a disc reaches the waiting physician, live', { timeout: 600_000 }, async (t) => {
  await using folder = await discFolder(disc);
  const desk = await aWatchedContext(browser, house, { secrets });
  const clinic = await aWatchedContext(browser, house, { secrets });
  const office = await aWatchedContext(browser, house, { secrets });
  picturesOfFailure(t, { desk, clinic, office });
  const [clerk, sender, physician] = [desk.page, clinic.page, office.page];

  const { request, share } = await clerkAsks(clerk);
  await mark(clerk);
  const typed = share.code.toLowerCase().replaceAll(' - ', '  ');
  await openShare(physician, { url: share.url, code: typed, birthDate: '1981.8.29' });
  await physician.getByText('Nothing has been sent yet').waitFor();
  await mark(physician);

  await clinicUploads(sender, request, folder.directory);
  for (const { studyInstanceUid } of [chest, head, echo])
    await examRow(physician, studyInstanceUid).waitFor();
  assert.equal(await examRow(physician, stray.studyInstanceUid).count(), 0);
  await sentAtLeast(sender, 64);
  // From here on slowly, so that the physician meets an exam that still arrives, however long the viewer takes to open.
  await sendAtMost(sender, 24 * 1024);
  const row = examRow(physician, head.studyInstanceUid);
  await row.getByText('Transfer in Progress').waitFor();
  await row
    .getByText(/\d+ of 576 images/)
    .first()
    .waitFor();
  await clerk.getByRole('complementary').getByRole('progressbar', { name: 'Upload' }).waitFor();
  await physicianLooks(physician, () => sendAtMost(sender));

  await sender.getByRole('heading', { name: 'Everything has arrived' }).waitFor();
  await rowBecomes(physician, head.studyInstanceUid, 'processing');
  await clerk.getByRole('complementary').getByText('Waiting for Confirm').first().waitFor();
  await confirm(sender);
  assert.deepEqual(await bill(sender), [
    `${asked.length} images arrived`,
    ...litter.map((line) => line.replace(' ', ' left out: ')),
    '3 left out: images of exams that were not ticked',
  ]);
  for (const { studyInstanceUid } of [chest, head, echo])
    await rowBecomes(physician, studyInstanceUid, 'ready');
  await row.getByText(`${SLICES} images`).waitFor();
  await clerk.getByRole('complementary').getByText(`${asked.length} images`).waitFor();
  assert.deepEqual(await holdingsOf(house.exchange, facility.id), {
    patients: 1,
    studies: 3,
    series: 4,
    instances: asked.length,
  });
  await physicianDownloads(physician);

  await revokeShare(clerk);
  await physician.getByRole('heading', { name: 'The sender has ended this share' }).waitFor();
  assert.equal(await physician.getByText('Lovelace').count(), 0);
  assert.ok((await neverReloaded(physician)) && (await neverReloaded(clerk)), 'no page was reloaded');
  for (const each of [desk, clinic, office]) await each.expectClean();
  assert.ok(!holdsOne(house.said(), secrets), 'no log names the patient');
});
