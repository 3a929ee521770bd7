import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type CreatedShare } from '@filmpost/exchange/shares/schema.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { aClinicPacs } from '../world/allowing-proxy.ts';
import { sha256, storedDigests } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type Facility, aDevice, aFacility } from '../world/facility.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { storeFiles } from '../world/stored.ts';
import { examRow, openShare } from '../world/visits/physician.ts';
import { type WatchedContext, aWatchedContext, secretsOf } from '../world/watched.ts';

/** More than two batches. */
const study = aStudy({ key: 'into a PACS', series: [{ modality: 'CT', instances: 45 }] });

let house: House;
let browser: Browser;
let visitor: WatchedContext;
let share: CreatedShare;
let clinic: Facility;
let clinicKey: string;
before(async () => {
  house = await aHouse();
  const facility = await aFacility(house.exchange, { slug: 'st-antony' });
  await storeFiles(house.exchange, facility, study);
  // Another facility of the same exchange plays the clinic whose PACS the images go into.
  clinic = await aFacility(house.exchange, { slug: 'clinic', name: 'Clinic' });
  clinicKey = (await aDevice(house.exchange, clinic, 'PACS')).key;
  share = await createShare(house.exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [study.studyInstanceUid],
  });
  browser = await launchBrowser();
  visitor = await aWatchedContext(browser, house, {
    secrets: secretsOf(ada),
    forgive: /ERR_FAILED|CORS|500/,
  });
  await openShare(visitor.page, { url: share.url, code: share.code, birthDate: '1981/08/29' });
});
after(async () => {
  await browser?.close();
  await house?.close();
});

async function openIntoPacs(page: Page): Promise<void> {
  await page.goto(`${house.url}/view/${share.shareId}`);
  await page.getByRole('link', { name: 'Send to your PACS' }).click();
  await page.getByRole('heading', { name: 'Send to your PACS' }).waitFor();
}

async function audited(action: string): Promise<string[]> {
  const rows = await house.exchange.db
    .selectFrom('auditEntry')
    .select(['detail'])
    .where('action', '=', action as 'study.downloaded')
    .execute();
  return rows.map(({ detail }) => JSON.stringify(detail));
}

test('a key is shown once, pulls the exam with curl, and is worth nothing after one press', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await openIntoPacs(page);
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = await page.getByRole('group', { name: 'Key', exact: true }).getByText(/^fps_/).innerText();
  await page.getByText('Try it from a command line').click();
  const line = await page
    .getByRole('group', { name: 'The exams of the share' })
    .getByText(/^curl/)
    .innerText();
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  const [exam] = JSON.parse(stdout);
  assert.deepEqual(exam['0020000D'].Value, [study.studyInstanceUid]);

  const stranger = await browser.newContext();
  t.after(() => stranger.close());
  const elsewhere = await stranger.newPage();
  await elsewhere.goto(`${house.url}/health`);
  const address = `${house.url}/dicomweb/s/${share.shareId}/studies`;
  const statusOf = ([at, bearer]: string[]) =>
    fetch(at ?? '', { headers: { authorization: `Bearer ${bearer}` } }).then(({ status }) => status);
  assert.equal(await elsewhere.evaluate(statusOf, [address, key]), 200);

  await page.reload();
  const keys = page.getByRole('list', { name: 'Keys of this share' });
  await keys.getByText('Last used').waitFor();
  assert.equal(await page.getByText(key).count(), 0, 'it is not shown again');
  await keys.getByRole('button', { name: /Revoke the key/ }).click();
  await keys.getByText('Revoked').waitFor();
  const isRefused = ([at, bearer]: string[]) =>
    fetch(at ?? '', { headers: { authorization: `Bearer ${bearer}` } }).then(({ status }) => status === 401);
  await elsewhere.waitForFunction(isRefused, [address, key], { polling: 200, timeout: 10_000 });
  for (const action of ['share-key.created', 'share-key.used', 'share-key.revoked'])
    assert.equal((await audited(action)).length, 1, action);
});

test('only the page that delivers may speak with other hosts', async () => {
  const policyAt = async (path: string) =>
    (await visitor.page.request.get(`${house.url}${path}`)).headers()['content-security-policy'] ?? '';
  const inbox = await policyAt(`/view/${share.shareId}`);
  assert.match(inbox, /connect-src 'self'(;|$)/);
  assert.match(await policyAt(`/view/${share.shareId}/pacs`), /connect-src 'self' https: http:(;|$)/);
});

test('the browser delivers every image byte for byte, tells what failed, and sends only that again', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await using pacs = await aClinicPacs({ store: `${house.url}/dicomweb/studies`, site: house.url });
  await openIntoPacs(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Type the address, for example').waitFor();
  await page.getByRole('textbox', { name: 'DICOMweb address of your PACS' }).fill(pacs.address);
  await page.getByRole('combobox', { name: 'What your PACS asks for' }).selectOption('bearer');
  await page.getByLabel('Key', { exact: true }).fill(clinicKey);

  pacs.allows = false;
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Your PACS did not answer this browser').waitFor();
  await page.getByText(`Access-Control-Allow-Origin: ${house.url}`).waitFor();

  pacs.allows = true;
  pacs.failing = 1;
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('20 images of 45 could not be stored').waitFor();
  await page.getByText('20 images: Your PACS answered 500').waitFor();
  const before = pacs.posts;
  await page.getByRole('button', { name: 'Send the other 20 again' }).click();
  await page.getByText('All 45 images are in your PACS').waitFor();
  assert.equal(pacs.posts - before, 1, 'only the failed batch went again');
  await page.getByText('Result of each image').click();
  const results = page.getByRole('list', { name: 'Results' });
  await results.waitFor();
  assert.equal(await results.getByText('Stored').count(), 45);

  const sent = study.files.map(({ bytes }) => sha256(bytes)).sort();
  assert.deepEqual(await storedDigests(house.exchange, clinic.id), sent);
  assert.equal((await audited('study.downloaded')).filter((detail) => detail.includes('"stow"')).length, 1);
});

test('one image is saved as a PNG that says in name and pixels what it is not for', async (t) => {
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await page.goto(`${house.url}/view/${share.shareId}`);
  await examRow(page, study.studyInstanceUid)
    .getByRole('button', { name: /Save an image/ })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Save image as PNG' });
  await dialog.getByRole('img', { name: 'Image 23, labelled' }).waitFor();
  const slider = dialog.getByRole('slider', { name: 'Image' });
  await slider.fill('7');
  await dialog.getByRole('img', { name: 'Image 7, labelled' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save image as PNG' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^NOT-FOR-DIAGNOSIS_CT_series-\d+_image-7\.png$/);
  const png = await readFile(await download.path());
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  const dark = await page.evaluate(darkInStrip, png.toString('base64'));
  assert.ok(dark > 40, 'and there is something written in it');
  assert.equal((await audited('study.downloaded')).filter((detail) => detail.includes('"png"')).length, 1);
});

/** Runs in the page: dark pixels in the lowest 24 rows, which are white where nothing is written. */
async function darkInStrip(base64: string): Promise<number> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext('2d');
  pen?.drawImage(image, 0, 0);
  const pixels = pen?.getImageData(0, image.height - 24, image.width, 24).data ?? [];
  let dark = 0;
  for (let at = 0; at < pixels.length; at += 4) if ((pixels[at] ?? 255) < 96) dark += 1;
  return dark;
}
