import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { anInstance } from '../world/dicom/instance.ts';
import type { Instance } from '../world/dicom/modules.ts';
import { anObject } from '../world/dicom/object.ts';
import { aSegmentation } from '../world/dicom/on-images.ts';
import { type ReadingRoom, aReadingRoom } from '../world/reading-room.ts';
import { viewerPicture } from '../world/viewer-picture.ts';

const STORAGE = '1.2.840.10008.5.1.4.1.1';
const SYNTAX = '1.2.840.10008.1.2';

/** What OHIF itself writes down of what it cannot show. */
const COMPLAINTS =
  /hanging protocol viewport|Referenced|is missing|resize exception|Couldn't process|404 \(Not Found\)|decod|Error|codec|dicom/i;

let room: ReadingRoom;
before(async () => {
  room = await aReadingRoom({ forgive: COMPLAINTS });
});
after(() => room?.close());

const study = (key: string) => ({ key: `unseen/${key}` });
const plain = (suffix: string, modality: string, seriesNumber: number, key: string) =>
  anObject({ study: study(key), sopClassUid: `${STORAGE}.${suffix}`, modality, seriesNumber });

test('what is no picture is named above those that are', { timeout: 180_000 }, async (t) => {
  const key = 'beside';
  const files = [
    anInstance({ study: study(key) }),
    plain('481.5', 'RTPLAN', 2, key),
    plain('11.1', 'PR', 3, key),
    plain('66', 'OT', 4, key),
    plain('88.59', 'KO', 5, key),
  ];
  const looking = await room.open(t, files);
  const { page } = looking;
  const strip = page.locator('[data-unseen]');
  await strip.getByText('4 series cannot be shown in the viewer: ').waitFor();
  const words = await strip.innerText();
  for (const what of ['Radiotherapy plan', 'Presentation state', 'Raw data', 'Key image selection'])
    assert.ok(words.includes(what), words);
  assert.match(words, /They are in the download\.$/);
  const [frame] = page.frames().filter((each) => each.url().includes('/ohif/'));
  assert.ok(frame);
  await viewerPicture(frame);
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
  assert.equal(await page.evaluate(wide), false, 'the sentence fits a phone');
  await room.leave(looking);
});

const video = { transferSyntaxUid: `${SYNTAX}.4.102`, compressedFrames: [new Uint8Array(512)] };
const images = [anInstance({ study: study('elsewhere') })];
const BLIND: Record<string, Instance> = {
  'Radiotherapy plan': plain('481.5', 'RTPLAN', 1, 'plan'),
  'Whole slide image': anInstance({
    study: study('slide'),
    attributes: { SOPClassUID: `${STORAGE}.77.1.6`, Modality: 'SM' },
  }),
  Video: anInstance({
    study: study('video'),
    modality: 'ES',
    attributes: { SOPClassUID: `${STORAGE}.77.1.1.1` },
    ...video,
  }),
  'Segmentation without the images it belongs to': aSegmentation({
    study: study('segmentation'),
    images,
    square: { left: 16, top: 16, size: 32 },
  }),
  'Image in a compression the viewer does not know': anInstance({
    study: study('xl'),
    transferSyntaxUid: `${SYNTAX}.4.110`,
    compressedFrames: [new Uint8Array(512)],
  }),
  'Image without its colour table': anInstance({
    study: study('palette'),
    modality: 'OT',
    bitsAllocated: 8,
    attributes: { PhotometricInterpretation: 'PALETTE COLOR' },
  }),
};
describe('exams', () => {
  for (const [what, instance] of Object.entries(BLIND)) {
    test(`an exam with nothing to be seen says so: ${what}`, { timeout: 180_000 }, async (t) => {
      const looking = await room.open(t, [instance]);
      const { page } = looking;
      await page.getByText('The viewer cannot show this exam').waitFor();
      await page
        .getByText(`1 series cannot be shown in the viewer: ${what}. It is in the download.`)
        .first()
        .waitFor();
      assert.equal(await page.locator('iframe').isVisible(), false);
      await room.leave(looking);
    });
  }
});

test('a radiotherapy dose is said to be shown as grey levels', { timeout: 180_000 }, async (t) => {
  const dose = anInstance({
    study: study('dose'),
    attributes: { SOPClassUID: `${STORAGE}.481.2`, Modality: 'RTDOSE' },
  });
  const looking = await room.open(t, [dose]);
  const { page } = looking;
  await page.getByText('Radiotherapy dose is shown as plain grey levels, without its values.').waitFor();
  await room.leave(looking);
});

/** Compressed transfer syntaxes of which nothing can be decoded here. */
const CODECS: Record<string, string> = {
  JPEG: '4.50',
  'JPEG of 12 bits': '4.51',
  'JPEG lossless': '4.70',
  'JPEG-LS': '4.80',
  'JPEG 2000': '4.90',
  'high-throughput JPEG 2000': '4.201',
  RLE: '5',
};
describe('exams', () => {
  for (const [codec, suffix] of Object.entries(CODECS)) {
    test(
      `a broken ${codec} image is said to be damaged, not shown as black`,
      { timeout: 180_000 },
      async (t) => {
        const broken = anInstance({
          study: study(`broken/${suffix}`),
          transferSyntaxUid: `${SYNTAX}.${suffix}`,
          compressedFrames: [Uint8Array.from({ length: 512 }, (_, at) => (at * 37) & 0xff)],
        });
        const looking = await room.open(t, [broken]);
        const { page } = looking;
        await page
          .getByText('1 image could not be opened: it seems to be damaged.')
          .waitFor({ timeout: 45_000 });
        await room.leave(looking);
      },
    );
  }
});
