import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { anInstance } from '../../world/dicom/instance.ts';
import { instanceNumberIn } from '../../world/dicom/pattern.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { storeFiles } from '../../world/stored.ts';
import { readPng } from '../rendered/drawn.ts';
import { type Clinic, aClinic, bytesOf, pathOf } from './clinic.ts';

/** More than the 64 MiB of values that a head may hold at hand. */
const LONG = 70 * 1024 * 1024;

/** Raw data of a modality between the identity and the pixels. */
const instance = anInstance({
  study: { key: 'long values' },
  modality: 'US',
  numberOfFrames: 2,
  instanceNumber: 5,
  transferSyntaxUid: transferSyntaxes.rleLossless,
  extraElements: [
    { tag: 0x00190010, vr: 'LO', value: 'FILMPOST TEST' },
    { tag: 0x00191001, vr: 'OB', value: new Uint8Array(LONG) },
  ],
});

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
  const files = [{ ...instance, path: 'LONG' }];
  await storeFiles(clinic.world.exchange, clinic.facility, { files, device: clinic.device });
});
after(() => clinic.close());

test('frames and pictures behind a value of any length are found', async () => {
  const path = pathOf(instance);
  const stored = await clinic.machine.ask(`${path}/frames/2`, {
    accept: 'multipart/related; type="image/dicom-rle"',
  });
  assert.equal(stored.status, 200);
  await stored.arrayBuffer();
  const decoded = await clinic.machine.ask(`${path}/frames/2`, {
    accept: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
  });
  assert.equal(decoded.status, 200, await decoded.clone().text());
  const pixels = await bytesOf(decoded);
  assert.equal(
    instanceNumberIn((x, y) => pixels[Math.floor(y) * 64 + Math.floor(x)] ?? 0, 100),
    6,
  );
  const drawn = await clinic.machine.ask(`${path}/frames/2/rendered`, { accept: 'image/png' });
  assert.equal(drawn.status, 200, await drawn.clone().text());
  const picture = readPng(await bytesOf(drawn));
  assert.deepEqual([picture.columns, picture.rows], [64, 64]);
});

test('a long value is given whole by its address', async () => {
  const answer = await clinic.machine.ask(`${pathOf(instance)}/bulkdata/00191001`, {}, 'HEAD');
  assert.equal(answer.headers.get('content-length'), String(LONG));
});
