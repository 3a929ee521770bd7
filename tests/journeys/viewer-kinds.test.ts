import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { after, before, describe, test } from 'node:test';
import type { Frame } from '@playwright/test';
import { type InstanceOptions, anInstance } from '../world/dicom/instance.ts';
import type { Attributes } from '../world/dicom/dictionary.ts';
import type { Instance } from '../world/dicom/modules.ts';
import { aSegmentation, aStructureSet } from '../world/dicom/on-images.ts';
import { patternAt } from '../world/dicom/pattern.ts';
import { aPdf, aReport, onePagePdf } from '../world/dicom/report.ts';
import { transferSyntaxes } from '../world/dicom/part10.ts';
import { type ReadingRoom, aReadingRoom } from '../world/reading-room.ts';
import { expectPicture, viewerPicture } from '../world/viewer-picture.ts';
import { viewerFrame } from '../world/visits/physician.ts';

const STORAGE = '1.2.840.10008.5.1.4.1.1';

let room: ReadingRoom;
before(async () => {
  room = await aReadingRoom();
});
after(() => room?.close());

/** The grey of the pattern under a window that spans all of its values. */
const grayOf = (pattern: number) => (column: number, row: number) =>
  (patternAt(pattern, column, row) / 4095) * 255;
const grayOf8 = (pattern: number) => (column: number, row: number) => patternAt(pattern, column, row) >>> 4;

/** Black is the least of the picture's own values, white the most. */
function grayOfRange(pattern: number): ReturnType<typeof grayOf> {
  const values = Array.from({ length: 64 * 64 }, (_, at) => patternAt(pattern, at % 64, Math.floor(at / 64)));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (column, row) => ((patternAt(pattern, column, row) - least) / (most - least)) * 255;
}

/** Waits for the picture and compares it with the pattern of the instance and frame it claims to be. */
async function seesPattern(frame: Frame, files: Instance[], gray = grayOf): Promise<void> {
  const picture = await viewerPicture(frame);
  const source = files.find(({ sopInstanceUid }) => sopInstanceUid === picture.sopInstanceUid);
  assert.ok(source, 'the viewer shows an image of the exam');
  const pattern = source.instanceNumber + picture.frameNumber - 1;
  assert.deepEqual([picture.columns, picture.rows], [64, 64]);
  expectPicture(picture, { grayAt: gray(pattern) });
  assert.throws(() => expectPicture(picture, { grayAt: gray(pattern + 1) }), 'another picture is another');
}

/** Entries of the list of series that have no picture of their own. */
const LISTED = '[data-cy="study-browser-thumbnail-no-image"]';

const study = (key: string) => ({ key: `kind/${key}` });
const imagesOf = (modality: string, count: number, more: InstanceOptions = {}) =>
  Array.from({ length: count }, (_, at) =>
    anInstance({
      study: study(more.seriesDescription ?? modality),
      modality,
      instanceNumber: at + 1,
      ...more,
    }),
  );

const IMAGES: Record<string, { files: Instance[]; gray?: typeof grayOf }> = {
  CT: { files: imagesOf('CT', 3) },
  MR: { files: imagesOf('MR', 3) },
  'computed radiography': { files: imagesOf('CR', 1) },
  'digital radiography': { files: imagesOf('DX', 1) },
  mammography: { files: imagesOf('MG', 1) },
  ultrasound: { files: imagesOf('US', 1, { seriesDescription: 'Still' }), gray: grayOf8 },
  angiography: { files: imagesOf('XA', 1, { numberOfFrames: 4, bitsAllocated: 8 }), gray: grayOf8 },
  scintigraphy: { files: imagesOf('NM', 1, { numberOfFrames: 4 }) },
  PET: { files: imagesOf('PT', 3) },
  'secondary capture': { files: imagesOf('OT', 1) },
  'a retired ultrasound class': {
    files: imagesOf('US', 1, {
      seriesDescription: 'Retired',
      attributes: { SOPClassUID: `${STORAGE}.6` },
    }),
    gray: grayOf8,
  },
  'RLE compression': {
    files: imagesOf('CT', 2, { seriesDescription: 'RLE', transferSyntaxUid: transferSyntaxes.rleLossless }),
  },
  'big endian': {
    files: imagesOf('CT', 2, {
      seriesDescription: 'Big endian',
      transferSyntaxUid: transferSyntaxes.explicitVrBigEndian,
    }),
  },
  'a distance of nothing between pixels': {
    files: imagesOf('CR', 1, {
      seriesDescription: 'No distance',
      attributes: { PixelSpacing: [0, 0], ImagerPixelSpacing: [0, 0] },
    }),
  },
  'a window of no width': {
    files: imagesOf('MR', 2, {
      seriesDescription: 'No window',
      attributes: { WindowCenter: 0, WindowWidth: 0 },
    }),
    gray: grayOfRange,
  },
  'a capture of a hundred frames': {
    files: imagesOf('OT', 1, { seriesDescription: 'Many frames', numberOfFrames: 100, bitsAllocated: 8 }),
    gray: grayOf8,
  },
};

describe('images', () => {
  for (const [kind, { files, gray }] of Object.entries(IMAGES)) {
    test(`${kind} shows its own pixels`, { timeout: 180_000 }, async (t) => {
      const looking = await room.open(t, files);
      await seesPattern(looking.frame, files, gray);
      assert.equal(await looking.page.locator('[data-unseen]').innerText(), '');
      await room.leave(looking);
    });
  }
});

test('the page loaded anew is as clean as the one that was led to', { timeout: 180_000 }, async (t) => {
  const files = imagesOf('CT', 1, { seriesDescription: 'Loaded anew' });
  const looking = await room.open(t, files);
  await seesPattern(looking.frame, files);
  await looking.page.reload();
  await seesPattern(await viewerFrame(looking.page), files);
  await room.leave(looking);
});

test('an ultrasound loop shows its frames, one after the other', { timeout: 180_000 }, async (t) => {
  const files = imagesOf('US', 1, { numberOfFrames: 3 });
  const looking = await room.open(t, files);
  const seen = await viewerPicture(looking.frame);
  // It plays by itself: by the time it is read another frame may stand there than its number says.
  const fitting = [1, 2, 3].filter((pattern) => {
    try {
      expectPicture(seen, { grayAt: grayOf8(pattern) });
      return true;
    } catch {
      return false;
    }
  });
  assert.equal(fitting.length, 1, 'the picture is that of one frame');
  await room.leave(looking);
});

test('a report is read as text, and no image is waited for', { timeout: 180_000 }, async (t) => {
  const items: Attributes[] = [{ RelationshipType: 'CONTAINS', ValueType: 'IMAGE' }];
  const first = aReport({ study: study('report'), text: 'An earlier finding.', items });
  const second = aReport({ study: study('report'), instanceNumber: 2, text: 'No fracture.', items });
  const looking = await room.open(t, [first, second]);
  await looking.frame.getByText('No fracture.').waitFor();
  const entries = looking.frame.locator(LISTED);
  assert.equal(await entries.count(), 2, 'each report of a series is listed');
  await entries.nth(1).dblclick();
  await looking.frame.getByText('An earlier finding.').waitFor();
  await looking.page.getByText('Opening the images').waitFor({ state: 'hidden' });
  await room.leave(looking);
});

test('an encapsulated PDF is shown as it is stored', { timeout: 180_000 }, async (t) => {
  // Longer than what stands in the metadata itself.
  const document = Buffer.concat([onePagePdf('Discharge letter'), Buffer.from(`%${'x'.repeat(2000)}\n`)]);
  const pdf = aPdf({ study: study('pdf'), seriesNumber: 2, document });
  const files = [...imagesOf('CR', 1, { study: study('pdf') }), pdf];
  const looking = await room.open(t, files);
  await viewerPicture(looking.frame);
  const [answer] = await Promise.all([
    looking.page.waitForResponse((response) => response.url().includes(pdf.sopInstanceUid)),
    looking.frame.locator(LISTED).dblclick(),
  ]);
  assert.deepEqual((await answer.body()).subarray(0, document.length), document);
  await looking.frame.locator('object[type="application/pdf"][data^="blob:"]').waitFor();
  await room.leave(looking);
});

test('a PDF that holds a script is not opened, and is said not to be', { timeout: 180_000 }, async (t) => {
  const script = '/OpenAction << /S /JavaScript /JS (app.alert("stung")) >>';
  const plain = Buffer.from(onePagePdf('Discharge letter')).toString('latin1');
  const document = Buffer.from(plain.replace('/Type /Catalog', `/Type /Catalog ${script}`), 'latin1');
  const looking = await room.open(t, [aPdf({ study: study('script'), document })]);
  looking.page.on('dialog', () => assert.fail('the script has run'));
  await looking.page
    .getByText('1 document holds a program and is not opened here. It is in the download.')
    .waitFor();
  assert.equal(await looking.frame.locator('object[data]').count(), 0);
  await room.leave(looking);
});

const square = { left: 16, top: 16, size: 32 };

test('a segmentation colours the images it belongs to', { timeout: 180_000 }, async (t) => {
  const images = imagesOf('CT', 3, { study: study('segmentation') });
  const looking = await room.open(t, [
    ...images,
    aSegmentation({ study: study('segmentation'), seriesNumber: 2, images, square }),
  ]);
  await viewerPicture(looking.frame);
  await looking.frame.locator(LISTED).dblclick();
  await looking.frame.getByText('Do you want to open this Segmentation?').waitFor();
  const picture = await viewerPicture(looking.frame);
  const isRed = ([red, green]: [number, number, number] = [0, 0, 0]) => red > green + 40;
  for (const [column, row] of [
    [20, 20],
    [32, 32],
    [44, 44],
  ] as const)
    assert.ok(isRed(picture.colorAt(column, row)), `red at ${column},${row}`);
  for (const [column, row] of [
    [8, 32],
    [56, 32],
    [32, 56],
  ] as const)
    assert.ok(!isRed(picture.colorAt(column, row)), `grey at ${column},${row}`);
  await room.leave(looking);
});

test(
  'a structure set outlines its structures on the images it belongs to',
  { timeout: 180_000 },
  async (t) => {
    const images = imagesOf('CT', 3, { study: study('structures') });
    const looking = await room.open(t, [
      ...images,
      aStructureSet({ study: study('structures'), seriesNumber: 2, images, square }),
    ]);
    await viewerPicture(looking.frame);
    await looking.frame.locator(LISTED).dblclick();
    await looking.frame.getByText('Do you want to open this Segmentation?').waitFor();
    await looking.frame
      .locator('svg.svg-layer path[stroke^="rgba(255, 0, 0"]')
      .first()
      .waitFor({ state: 'attached' });
    await room.leave(looking);
  },
);
