import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { anInstance } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { patternPixels } from '../../world/dicom/pattern.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, aClinic, bytesOf, partsOf, pathOf } from './clinic.ts';

const inSyntax = (transferSyntaxUid: string) =>
  anInstance({ study: { key: `pixels ${transferSyntaxUid}` }, instanceNumber: 7, transferSyntaxUid });
const native = [
  transferSyntaxes.explicitVrLittleEndian,
  transferSyntaxes.implicitVrLittleEndian,
  transferSyntaxes.explicitVrBigEndian,
  transferSyntaxes.deflatedExplicitVrLittleEndian,
].map(inSyntax);
const rle = anInstance({
  study: { key: 'pixels rle' },
  modality: 'US',
  numberOfFrames: 3,
  transferSyntaxUid: transferSyntaxes.rleLossless,
});
const video = anInstance({
  study: { key: 'pixels video' },
  transferSyntaxUid: '1.2.840.10008.1.2.4.102',
  compressedFrames: [Buffer.from('a recording!')],
});
const none = anInstance({ study: { key: 'pixels none' }, attributes: { PixelData: undefined } });
const PIXELS = Buffer.from(patternPixels(7, { rows: 64, columns: 64, bitsAllocated: 16 }));

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
  const files = [...native, rle, video, none].map((each, i) => ({ ...each, path: `IM${i}` }));
  await storeFiles(clinic.world.exchange, clinic.facility, { files, device: clinic.device });
});
after(() => clinic.close());

/** Where the metadata of an instance says that its pixels are, below the clinic's root. */
async function linkOf(instance: Instance): Promise<string> {
  const answer = await clinic.machine.ask(`${pathOf(instance)}/metadata`);
  const [metadata] = await answer.json();
  const { pathname } = new URL(metadata['7FE00010'].BulkDataURI);
  return pathname.slice('/dicomweb'.length);
}

test('metadata links the pixels, and the link gives them in little endian, whole or in part', async () => {
  for (const instance of native) {
    const link = await linkOf(instance);
    assert.equal(link, `${pathOf(instance)}/bulkdata/7FE00010`);
    const whole = await clinic.machine.ask(link);
    assert.equal(whole.headers.get('content-type'), 'application/octet-stream');
    assert.ok((await bytesOf(whole)).equals(PIXELS), instance.transferSyntaxUid);
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      ['bytes=101-4002', 101, 4003],
      ['bytes=8191-', 8191, 8192],
    ] as const) {
      const part = await clinic.machine.ask(link, { range });
      assert.equal(part.status, 206);
      assert.ok(
        (await bytesOf(part)).equals(PIXELS.subarray(from, to)),
        `${range} of ${instance.transferSyntaxUid}`,
      );
    }
    const accept = 'multipart/related; type="application/octet-stream"';
    const [part] = await partsOf(await clinic.machine.ask(link, { accept }));
    assert.ok(part?.bytes.equals(PIXELS));
    assert.ok(part?.headers['content-location']?.endsWith(link));
    assert.equal((await clinic.machine.ask(link, { accept: 'image/png' })).status, 406);
  }
});

test('compressed pixels come frame by frame, decoded where that is asked for', async () => {
  const link = await linkOf(rle);
  const stored = await partsOf(await clinic.machine.ask(link));
  assert.equal(stored.length, 3);
  assert.match(stored[0]?.headers['content-type'] ?? '', /^image\/dicom-rle; transfer-syntax=/);
  const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';
  const decoded = await partsOf(await clinic.machine.ask(link, { accept }));
  assert.deepEqual(
    decoded.map(({ bytes }) => bytes.length),
    [4096, 4096, 4096],
  );
});

test('a recording is given as it is stored; what has no pixels has no link', async () => {
  const answer = await clinic.machine.ask(await linkOf(video));
  assert.equal(answer.headers.get('content-type'), 'video/mp4');
  assert.equal((await bytesOf(answer)).toString(), 'a recording!');
  const [metadata] = await (await clinic.machine.ask(`${pathOf(none)}/metadata`)).json();
  assert.equal(metadata['7FE00010'], undefined);
  for (const path of ['7FE00010', '7FE00008', '00100010', '7FE00010/1/00100010'])
    assert.equal((await clinic.machine.ask(`${pathOf(none)}/bulkdata/${path}`)).status, 404, path);
  assert.equal((await clinic.machine.ask(`${pathOf(rle)}/bulkdata/7FE00008`)).status, 404);
});

test('series metadata links each image relative to the series for people, in full for machines', async () => {
  const [first] = native;
  assert.ok(first);
  const path = `${pathOf(first).replace(/\/instances\/.*/, '')}/metadata`;
  const relative = `instances/${first.sopInstanceUid}/bulkdata/7FE00010`;
  const [forPeople] = await (await clinic.clerk.ask(path)).json();
  assert.equal(forPeople['7FE00010'].BulkDataURI, relative);
  const [forMachines] = await (await clinic.machine.ask(path)).json();
  assert.equal(
    forMachines['7FE00010'].BulkDataURI,
    `${clinic.world.url}/dicomweb${path.replace('metadata', relative)}`,
  );
});
