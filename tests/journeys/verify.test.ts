import assert from 'node:assert/strict';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { aFacility } from '../world/facility.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { storeFiles } from '../world/stored.ts';
import { unzipped } from '../world/unzipped.ts';
import { openShare } from '../world/visits/physician.ts';
import { type WatchedContext, aWatchedContext, secretsOf } from '../world/watched.ts';

const study = aStudy({ key: 'verified', series: [{ modality: 'CT', instances: 5 }] });

let house: House;
let browser: Browser;
let visitor: WatchedContext;
let packages: Record<'zip' | 'iso', Buffer>;
before(async () => {
  house = await aHouse();
  const facility = await aFacility(house.exchange, { slug: 'st-antony' });
  await storeFiles(house.exchange, facility, study);
  const { studyInstanceUid } = study;
  const share = await createShare(house.exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [studyInstanceUid],
  });
  browser = await launchBrowser();
  visitor = await aWatchedContext(browser, house, { secrets: secretsOf(ada), forgive: /503/ });
  await openShare(visitor.page, { url: share.url, code: share.code, birthDate: '1981/08/29' });
  const { shareId } = share;
  packages = {
    zip: await downloaded(visitor.page, { shareId, studyInstanceUid, kind: 'zip' }),
    iso: await downloaded(visitor.page, { shareId, studyInstanceUid, kind: 'iso' }),
  };
});
after(async () => {
  await browser?.close();
  await house?.close();
});

interface Wanted {
  shareId: string;
  studyInstanceUid: string;
  kind: 'zip' | 'iso';
}

/** A package as the Share Inbox's page asks for it. */
async function downloaded(page: Page, { shareId, studyInstanceUid, kind }: Wanted): Promise<Buffer> {
  const data = { from: { shareId }, wish: { studyInstanceUids: [studyInstanceUid], kind, viewer: false } };
  const asked = await (await page.request.post(`${house.url}/trpc/packages.ask`, { data })).json();
  const address = `${house.url}/downloads/${shareId}/packages/${asked.result.data.packageId}`;
  const isReady = async (at: string) => (await fetch(at, { method: 'HEAD' })).ok;
  await page.waitForFunction(isReady, address, { polling: 200 });
  return (await page.request.get(address)).body();
}

/** Chooses one file on a fresh page, and settles when it has been checked. */
async function checked({ page }: WatchedContext, name: string, bytes: Buffer): Promise<void> {
  await page.goto(`${house.url}/verify`);
  await page
    .locator('input[type=file]:not([webkitdirectory])')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  await page.getByRole('region', { name: 'Result' }).waitFor();
}

test('a ZIP and a disk image are verified to the last image, and nothing of them leaves the browser', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  for (const [kind, bytes] of Object.entries(packages)) {
    const sent: string[] = [];
    const hear = (request: { method(): string; url(): string; postData(): string | null }) => {
      if (request.method() !== 'GET' || request.postData()) sent.push(request.url());
    };
    page.on('request', hear);
    await checked(visitor, `package.${kind}`, bytes);
    page.off('request', hear);
    await page.getByText('5 of 5 images verified').waitFor();
    await page.getByText('Signed by this exchange', { exact: true }).waitFor();
    assert.deepEqual(sent, [], 'only addresses of our own are fetched, with nothing in them');
  }
  await visitor.expectClean();
});

test('a single changed byte names its image', async (t) => {
  picturesOfFailure(t, { visitor });
  const bytes = Buffer.from(packages.iso);
  const [image] = study.files;
  assert.ok(image);
  const at = bytes.indexOf(image.bytes);
  assert.ok(at > 0, 'the image lies in the disk image as it is');
  const last = at + image.bytes.length - 1;
  bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
  await checked(visitor, 'ISO_Lovelace.iso', bytes);
  const result = visitor.page.getByRole('region', { name: 'Result' });
  await result.getByText('4 of 5 images verified').waitFor();
  assert.match(
    (await result.getByRole('listitem').allTextContents()).join(),
    /^\s*IMAGES\/DICOMS\/IM\d is not what was sent\s*$/,
  );
});

test('of an unpacked folder, what is missing, added and signed by nobody is said', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  const files = [...unzipped(packages.zip)]
    .filter(([name]) => name !== 'IMAGES/DICOMS/IM5' && name !== 'MANIFEST.SIG')
    .map(([name, bytes]) => ({ path: name, pathOnDisk: name, bytes }));
  await using folder = await discFolder({ files });
  await writeFile(path.join(folder.directory, 'IMAGES/DICOMS/IM6'), 'another');
  await page.goto(`${house.url}/verify`);
  await page.locator('input[webkitdirectory]').setInputFiles(folder.directory);
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByText('4 of 5 images as the list says').waitFor();
  await result.getByText('The signature is missing').waitFor();
  await result.getByText('IMAGES/DICOMS/IM5 is missing').waitFor();
  await page.locator('summary').press('Enter');
  await page.getByText('IMAGES/DICOMS/IM6', { exact: true }).waitFor();
});

test('what is no package, and what is broken, is told from a forged one', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'filmpost-verify-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await writeFile(path.join(directory, 'half.zip'), packages.zip.subarray(0, packages.zip.length / 2));
  await writeFile(path.join(directory, 'holiday.txt'), 'no package');
  await page.goto(`${house.url}/verify`);
  const input = page.locator('input[type=file]:not([webkitdirectory])');
  await input.setInputFiles(path.join(directory, 'half.zip'));
  await page.getByText('it was not copied or downloaded completely').waitFor();
  await input.setInputFiles(path.join(directory, 'holiday.txt'));
  await page.getByText('This is no package that can be checked').waitFor();
});

test('the help page has a picture and steps for each subject, and fits a phone', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${house.url}/help#burn`);
  for (const section of await page.locator('section[id]:has(ol)').all()) {
    assert.ok((await section.locator('svg').count()) > 0);
    assert.ok((await section.getByRole('listitem').count()) >= 3);
  }
  assert.ok((await page.locator('section[id]:has(ol)').count()) >= 9);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 390, 'nothing hangs out at the side');
  await page.getByRole('link', { name: 'Open the network check' }).click();
  await page.getByRole('heading', { name: 'Does Filmpost work on this network?' }).waitFor();
});
