import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { processTools } from '@filmpost/imaging/process-tools.ts';
import { launchBrowser } from '../world/browser.ts';
import { dicomPicture } from '../world/dicom-picture.ts';
import { anInstance } from '../world/dicom/instance.ts';
import { transferSyntaxes } from '../world/dicom/part10.ts';
import { aStudy } from '../world/dicom/study.ts';
import { discReader, stagePicture } from '../world/disc-viewer.ts';
import { noah } from '../world/people.ts';
import { aViewerDisc } from '../world/viewer-disc.ts';
import { expectPicture } from '../world/viewer-picture.ts';

const MOST_BYTES = 15_000_000;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

const series = (page: Page, words: string) =>
  page.getByRole('navigation').getByRole('button').filter({ hasText: words });
const corner = (page: Page, words: string) => page.locator('.corner').getByText(words, { exact: true });

/** What the file must show, and the same with another window. */
function expected(bytes: Uint8Array) {
  const picture = dicomPicture(Buffer.from(bytes));
  assert.ok(picture);
  return picture;
}

test('an exam is read from the disc itself, without a network: scrolled, windowed, enlarged, moved', async () => {
  const ct = aStudy({ series: [{ instances: 12, seriesDescription: 'Axial' }] });
  await using disc = await aViewerDisc({ instances: ct.files.map(({ bytes }) => bytes) });
  console.log(`# the viewer adds ${(disc.viewerBytes / 1e6).toFixed(1)} MB to a disc`);
  assert.ok(disc.viewerBytes < MOST_BYTES);
  await using reader = await discReader(browser, disc.directory);
  const { page } = reader;
  await series(page, 'Axial').getByText('12 images').waitFor();
  await page.getByText('Not for diagnostic use').first().waitFor();
  await reader.open(disc.directory);
  expectPicture(await stagePicture(page, 1), expected(ct.files[0]!.bytes));

  await page.locator('.stage canvas').hover();
  await page.mouse.wheel(0, 100);
  expectPicture(await stagePicture(page, 2), expected(ct.files[1]!.bytes));
  await page.keyboard.press('End');
  const last = await stagePicture(page, 12);
  assert.equal(last.sopInstanceUid, ct.files[11]!.sopInstanceUid);
  expectPicture(last, expected(ct.files[11]!.bytes));
  await corner(page, '12 / 12').waitFor();

  await page.getByLabel('Window', { exact: true }).selectOption('Bone');
  await corner(page, 'C 400 W 1800').waitFor();
  const bone = { WindowCenter: 400, WindowWidth: 1800 };
  const same = anInstance({ instanceNumber: 12, attributes: bone });
  expectPicture(await stagePicture(page, 12, 'C 400 W 1800'), expected(same.bytes));

  await page.getByRole('button', { name: 'Larger' }).click();
  await page.waitForFunction(
    () =>
      Number(document.querySelector<HTMLCanvasElement>('.stage canvas')?.dataset.box?.split(' ')[2]) > 800,
  );
  expectPicture(await stagePicture(page, 12), { ...expected(same.bytes), grid: 3 });
  await page.keyboard.press('r');
  await corner(page, 'C 1024 W 4096').waitFor();
  expectPicture(await stagePicture(page, 12, 'C 1024 W 4096'), expected(ct.files[11]!.bytes));
  reader.expectClean();
});

test('a drag changes the window when it is told to, and turns the images when not', async () => {
  const ct = aStudy({ series: [{ instances: 12 }] });
  await using disc = await aViewerDisc({ instances: ct.files.map(({ bytes }) => bytes) });
  await using reader = await discReader(browser, disc.directory);
  const { page } = reader;
  await reader.open(`${disc.directory}/IMAGES`);
  await stagePicture(page, 1);
  const drag = async (x: number, y: number) => {
    await page.locator('.stage canvas').hover();
    await page.mouse.down();
    const { left, top, width, height } = await page
      .locator('.stage canvas')
      .evaluate((canvas) => canvas.getBoundingClientRect().toJSON());
    await page.mouse.move(left + width / 2 + x, top + height / 2 + y, { steps: 4 });
    await page.mouse.up();
  };
  await drag(0, 60);
  await stagePicture(page, 6);
  await page.getByRole('button', { name: 'Window', exact: true }).click();
  await drag(50, 0);
  await page
    .locator('.bottomRight')
    .getByText(/^C 1024 W 4[2-9]\d\d$/)
    .waitFor();
  await stagePicture(page, 6);
  reader.expectClean();
});

test('recordings play, in colour and compressed, and several people have their own exams', async () => {
  const ct = aStudy({ series: [{ instances: 2, transferSyntaxUid: transferSyntaxes.rleLossless }] });
  const colour = { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB', PlanarConfiguration: 0 };
  const pixels = Uint8Array.from(
    { length: 64 * 64 * 3 * 5 },
    (_, at) => 40 * Math.floor(at / 12_288) + (at % 3) * 30,
  );
  const film = aStudy({
    key: 'film',
    patient: noah,
    series: [
      { modality: 'US', numberOfFrames: 5, instances: 1, attributes: { ...colour, PixelData: pixels } },
    ],
  });
  await using disc = await aViewerDisc({ instances: [...ct.files, ...film.files].map(({ bytes }) => bytes) });
  await using reader = await discReader(browser, disc.directory);
  const { page } = reader;
  await reader.open(disc.directory);
  const plain = anInstance({ instanceNumber: 1 });
  expectPicture(await stagePicture(page, 1), expected(plain.bytes));
  await page.getByRole('heading', { name: 'Lovelace, Noah' }).waitFor();
  await series(page, 'US').click();
  await corner(page, 'Lovelace, Noah').waitFor();
  assert.deepEqual((await stagePicture(page, 1)).colorAt(20, 20), [0, 30, 60]);
  await page.getByText('25 / s').waitFor();
  await page.getByRole('button', { name: 'Play' }).click();
  assert.deepEqual((await stagePicture(page, 4)).colorAt(20, 20), [120, 150, 180]);
  await stagePicture(page, 1);
  await page.getByRole('button', { name: 'Stop' }).click();
  reader.expectClean();
});

test('what cannot be read says so in words, and a stranger’s disc shows nothing under this name', async () => {
  const instances = aStudy({ series: [{ instances: 4 }] }).files.map(({ bytes }) => bytes);
  const other = anInstance({ study: { key: 'other', patient: noah } }).bytes;
  const instead = new Map([
    [0, instances[0]!.subarray(0, 3000)],
    [1, other],
    [2, Buffer.from('scratched')],
  ]);
  await using disc = await aViewerDisc({ instances, instead });
  await using reader = await discReader(browser, disc.directory);
  const { page } = reader;
  await reader.open(disc.directory);
  const words = page.locator('.words');
  await words.getByText('The stored picture is damaged or cut off').waitFor();
  await page.keyboard.press('ArrowDown');
  await words.getByText('This file is not the image that the list names').waitFor();
  await page.keyboard.press('ArrowDown');
  await words.getByText('The stored picture is damaged or cut off').waitFor();
  await page.keyboard.press('ArrowDown');
  expectPicture(await stagePicture(page, 4), expected(instances[3]!));
  assert.equal(await words.textContent(), '');
  reader.expectClean();
});

test('texts of strangers are texts', async () => {
  const hostile = [
    '"><svg onload=alert(1)>',
    '</script><script>alert(2)</script>',
    '{{7*7}}',
    'javascript:alert(3)',
  ];
  const studies = hostile.map((text, index) =>
    aStudy({
      key: `hostile/${index}`,
      studyDescription: text,
      patient: { ...noah, patientId: `H${index}`, name: `Evil^${text}` },
      series: [{ instances: 1, seriesDescription: `${text}\u202e` }],
    }),
  );
  const instances = studies.flatMap(({ files }) => files.map(({ bytes }) => bytes));
  await using disc = await aViewerDisc({ instances });
  await using reader = await discReader(browser, disc.directory, { viewport: { width: 390, height: 844 } });
  const { page } = reader;
  await reader.open(disc.directory);
  await stagePicture(page, 1);
  for (const text of hostile) {
    await page.getByRole('heading', { name: text }).first().waitFor({ state: 'attached' });
    await series(page, text).click();
    await page.locator('.corner').getByText(text, { exact: false }).first().waitFor();
  }
  assert.equal(await page.locator('svg, nav script').count(), 0);
  reader.expectClean();
});

test('copies in web format are seen before the disc is opened, in the viewer and without any script', async () => {
  const instances = aStudy({ series: [{ instances: 3 }] }).files.map(({ bytes }) => bytes);
  await using disc = await aViewerDisc({ instances, copies: () => [{ image: 1, jpeg: tinyJpeg }] });
  await using reader = await discReader(browser, disc.directory);
  const { page } = reader;
  await page.locator('canvas[data-copy="IHE_PDI/P1.JPG"]').waitFor();
  await corner(page, 'Copy of image 2').waitFor();
  await reader.open(disc.directory);
  // A canvas that held a file's picture is never read back again, so this one is only asked what it shows.
  await page.locator('.stage canvas[data-position="1"]').waitFor();
  await corner(page, '1 / 3').waitFor();
  reader.expectClean();
  await using without = await discReader(browser, disc.directory);
  await without.page.goto(new URL('IHE_PDI/INDEX.HTM', without.page.url()).href);
  const copy = without.page.getByRole('img', { name: /image 2 of 3/ });
  assert.equal(
    await copy.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    8,
  );
});

/** Eight by eight shades of grey. */
const tinyJpeg = processTools.codecs().encodeJpeg(
  { rows: 8, columns: 8, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false },
  Uint8Array.from({ length: 64 }, (_, at) => at * 4),
  90,
);
