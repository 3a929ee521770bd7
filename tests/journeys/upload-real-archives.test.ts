import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { discImageOf, hasProgram } from '../world/archives/disc-image.ts';
import { launchBrowser } from '../world/browser.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import {
  chooseFiles,
  chooseFolder,
  discSummary,
  enterPin,
  getReady,
} from '../world/visits/outside-clinic.ts';

const samples = process.env.SAMPLES_DIR ?? '';
const skip = !(samples && existsSync(samples)) && 'SAMPLES_DIR is not set to the folder of samples';

let house: House;
let browser: Browser;
let facility: Facility;
let folder: string;
before(async () => {
  if (skip) return;
  house = await aHouse();
  facility = await aFacility(house.exchange, { name: 'St. Antony Memorial Hospital' });
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(os.tmpdir(), 'filmpost-archives-'));
});
after(async () => {
  await browser?.close();
  await house?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function aSender(): Promise<Page> {
  const request = await createRequest(house.exchange, facility.work, {
    facility: facility.slug,
    patientName: 'Somebody^Else',
    birthDate: '1950-05-05',
    details: 'Whatever there is.',
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await enterPin(page, request);
  await getReady(page);
  return page;
}

/** The images below a folder, as the same reader counts them without any archive around. */
function imagesBelow(directory: string): number {
  return globSync('**/*', { cwd: directory })
    .map((name) => path.join(directory, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file))
    .filter((bytes) => readHead(bytes, bytes.length, { inflate: (deflated) => deflated }).kind === 'head')
    .length;
}

test('archives of others are opened or refused with a sentence', { skip }, async (t) => {
  for (const file of globSync('archives/*', { cwd: samples })) {
    const page = await aSender();
    const said = await chooseFiles(page, [path.join(samples, file)]);
    t.diagnostic(`${file}: ${said}`);
    assert.match(said, /\d+ images?$|[Nn]o medical images/);
    await page.context().close();
  }
});

for (const disc of skip ? [] : globSync('cd/*', { cwd: samples })) {
  const noXorriso = !hasProgram('xorriso') && 'xorriso is not installed';
  test(`${disc} is the same as a folder and as an image`, { skip: noXorriso, timeout: 300_000 }, async () => {
    const directory = path.join(samples, disc);
    const file = path.join(folder, `${path.basename(disc)}.iso`);
    await writeFile(file, discImageOf(directory, 'joliet'));
    const page = await aSender();
    const said = await chooseFolder(page, directory);
    await page.getByRole('button', { name: 'Choose again' }).click();
    assert.equal(await chooseFiles(page, [file]), said);
    assert.ok(said.endsWith(` ${imagesBelow(directory).toLocaleString('en-US')} images`), said);
    await page.context().close();
  });
}

test('exams of every kind and compression show a picture, or say what they are', { skip }, async (t) => {
  const page = await aSender();
  await chooseFolder(page, path.join(samples, 'dicom'));
  await discSummary(page);
  const shown = page.locator('section li [aria-hidden=true]');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('section li [aria-hidden=true]')].every(
      (tile) => tile.querySelector('img') || (tile.textContent?.trim() ?? '') !== '',
    ),
  );
  const pictures = await page.locator('section li img').count();
  t.diagnostic(`${pictures} of ${await shown.count()} exams show a picture`);
  assert.ok(pictures > (await shown.count()) / 2);
  if (process.env.FAILURE_PICTURES)
    await page.screenshot({ path: path.join(process.env.FAILURE_PICTURES, 'kinds.png'), fullPage: true });
  await page.context().close();
});
