import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Download, Locator, Page } from '@playwright/test';
import { sha256 } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { type Study, aStudy } from '../world/dicom/study.ts';
import { discReader } from '../world/disc-viewer.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { storeFiles } from '../world/stored.ts';
import { type Taker, aPackage, packagePath } from '../world/taken.ts';
import { unzipped } from '../world/unzipped.ts';
import { aRecipient } from '../world/visitors.ts';
import { openShare } from '../world/visits/physician.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const birthDate = '1981/08/29';
/** More than is planned while somebody waits: a worker plans it. */
const MANY = 620;

let house: House;
let browser: Browser;
let facility: Facility;
let chest: Study;
let head: Study;
const secrets = secretsOf(ada);
before(async () => {
  house = await aHouse();
  browser = await launchBrowser();
  facility = await aFacility(house.exchange);
  const context = { patient: ada, studyDate: '20260412' };
  chest = aStudy({ ...context, key: 'chest', studyDescription: 'CT Chest', series: [{ instances: MANY }] });
  const series = [{ instances: 40, rows: 512, columns: 512 }];
  head = aStudy({ ...context, key: 'head', studyDate: '20260411', studyDescription: 'CT Head', series });
  for (const { files } of [chest, head]) await storeFiles(house.exchange, facility, { files });
});
after(async () => {
  await browser?.close();
  await house?.close();
});

async function aShare(): Promise<{ shareId: string; code: string; url: string }> {
  const share = await createShare(house.exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [chest.studyInstanceUid, head.studyInstanceUid],
  });
  secrets.push(share.code);
  return share;
}

async function chooser(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Download Exams' }).click();
  return page.getByRole('dialog', { name: 'Download Exams' });
}

async function taken(page: Page, dialog: Locator): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download Exams' }).click(),
  ]);
  return download;
}

const digests = (files: Iterable<Uint8Array>) => [...files].map(sha256).sort();
const originals = (...studies: Study[]) =>
  digests(studies.flatMap(({ files }) => files.map(({ bytes }) => bytes)));

/** However much there is to choose, the button that goes on is whole and within the dialog without scrolling. */
async function staysInSight(dialog: Locator, name: string): Promise<void> {
  const around = await dialog.boundingBox();
  const button = await dialog.getByRole('button', { name }).boundingBox();
  assert.ok(around && button);
  assert.ok(
    button.y >= around.y && button.y + button.height <= around.y + around.height,
    `${name} is cut off`,
  );
}

/** Pictures for people to look at, where somebody asks for them. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** The images of a disk image; null without 7z. */
function imagesOnDisc(t: TestContext, file: string): Uint8Array[] | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-disc-'));
  t.after(() => rmSync(folder, { recursive: true }));
  if (spawnSync('7z', ['x', `-o${folder}`, file]).error) return void t.diagnostic('7z is not installed here');
  const images = path.join(folder, 'IMAGES/DICOMS');
  return readdirSync(images).map((name) => readFileSync(path.join(images, name)));
}

test('a recipient takes exams along as ZIP and as Disk Image', { timeout: 300_000 }, async (t) => {
  const office = await aWatchedContext(browser, house, { secrets });
  picturesOfFailure(t, { office });
  const { page } = office;
  const { url, code } = await aShare();
  await openShare(page, { url, code, birthDate });

  const dialog = await chooser(page);
  await dialog.getByText(`2 exams · ${MANY + 40} images`).waitFor();
  await dialog.getByRole('checkbox', { name: 'Include the DICOM viewer in the download file' }).check();
  await page.setViewportSize({ width: 1280, height: 560 });
  await staysInSight(dialog, 'Download Exams');
  await picture(page, 'zip-1280');
  const zip = await taken(page, dialog);
  assert.equal(zip.suggestedFilename(), 'IMAGES_Lovelace.zip');
  const files = unzipped(await readFile(await zip.path()));
  const images = [...files].filter(([name]) => name.startsWith('IMAGES/DICOMS/')).map(([, bytes]) => bytes);
  assert.deepEqual(digests(images), originals(chest, head));
  await opensFromDisc(files);

  await page.setViewportSize({ width: 390, height: 844 });
  const again = await chooser(page);
  await again.getByRole('checkbox', { name: /CT Chest/ }).uncheck();
  await again.getByRole('radio', { name: 'Disk Image' }).check();
  await again.getByText(/^1 exam · 40 images · 2\d(\.\d)? MB · Fits on a CD \(700 MB\)$/).waitFor();
  await picture(page, 'iso-390');
  const iso = await taken(page, again);
  assert.equal(iso.suggestedFilename(), 'ISO_Lovelace.iso');
  await page.getByText('puts the disk image into your Downloads folder').waitFor();
  const onDisc = imagesOnDisc(t, await iso.path());
  if (onDisc) assert.deepEqual(digests(onDisc), originals(head));
  await office.expectClean();
});

/**
 * Unpacked on a computer without a network, the index leads to the viewer, which shows copies until it is given the disc,
 * and then an image of it.
 */
async function opensFromDisc(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await using folder = await mkdtempDisposable(path.join(os.tmpdir(), 'filmpost-unpacked-'));
  for (const [name, bytes] of files) {
    const file = path.join(folder.path, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  await using reader = await discReader(browser, folder.path);
  const { page } = reader;
  await page.getByRole('navigation').getByText('CT Chest').waitFor();
  await page
    .locator('.corner')
    .getByText(/^Copy of image \d+$/)
    .waitFor();
  await page.locator('.stage canvas[data-copy="IHE_PDI/P1.JPG"]').waitFor();
  await picture(page, 'copies-1280');
  await reader.open(folder.path);
  // A canvas that held a file's picture is never read back again, so this one is only asked what it shows.
  const shown = page.locator('.stage canvas[data-position="1"]');
  await shown.waitFor();
  const sopInstanceUid = await shown.getAttribute('data-instance');
  assert.ok([...chest.files, ...head.files].some((file) => file.sopInstanceUid === sopInstanceUid));
  await picture(page, 'disc-1280');
  reader.expectClean();
  await readWithoutScripts(folder.path);
}

/** Where scripts are forbidden the index leads to the copies and to the guide, and every link leads somewhere. */
async function readWithoutScripts(directory: string): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
  try {
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(pathToFileURL(path.join(directory, 'INDEX.HTM')).href);
    await picture(page, 'index-390');
    const width = await page.locator('html').evaluate((root) => root.scrollWidth);
    assert.ok(width <= 390, `${width} pixels on a phone`);
    const links = await page.getByRole('link').all();
    for (const link of links) {
      const target = (await link.getAttribute('href')) ?? '';
      assert.ok(existsSync(path.join(directory, target)), target);
    }
    await page.getByRole('link', { name: 'Quick Start Guide (PDF)' }).waitFor();
    await page.getByRole('link', { name: /^Look at copies/ }).click();
    await page.getByRole('heading', { name: 'Copies of images' }).waitFor();
    const copies = page.getByRole('img');
    assert.equal(await copies.count(), 6, 'three of each series');
    await page.waitForLoadState();
    for (const copy of await copies.all())
      assert.ok(await copy.evaluate((image: HTMLImageElement) => image.naturalWidth > 0));
    await picture(page, 'copies-390');
  } finally {
    await context.close();
  }
}

async function aTaker(): Promise<Taker> {
  const { shareId, code } = await aShare();
  return { papers: await aRecipient(house.exchange, { code, birthDate }), from: { shareId } };
}

test(
  'a download that broke when the server was killed goes on where it stopped',
  { timeout: 120_000 },
  async () => {
    const taker = await aTaker();
    const studyInstanceUids = [head.studyInstanceUid];
    const { packageId } = await aPackage(house, taker, { studyInstanceUids, kind: 'iso' });
    const url = `${house.url}${packagePath(taker.from, packageId)}`;
    const response = await fetch(url, { headers: taker.papers });
    const etag = response.headers.get('etag') ?? '';
    const got: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of response.body ?? []) {
        got.push(chunk);
        length += chunk.length;
        if (length > 1_000_000 && got.length > 1) await house.web.kill();
      }
      assert.fail('the connection breaks in the middle');
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
    }
    await house.web.start();
    const headers = { ...taker.papers, range: `bytes=${length}-`, 'if-range': etag };
    const rest = await fetch(url, { headers });
    assert.equal(rest.status, 206);
    const resumed = Buffer.concat([...got, Buffer.from(await rest.arrayBuffer())]);
    const whole = Buffer.from(await (await fetch(url, { headers: taker.papers })).arrayBuffer());
    assert.ok(resumed.equals(whole));
  },
);
