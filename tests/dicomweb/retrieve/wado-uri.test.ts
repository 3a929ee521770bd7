import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { anInstance } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, type Reader, aClinic, bytesOf } from './clinic.ts';

const plain = anInstance({ study: { key: 'plain' } });
const big = anInstance({
  study: { key: 'big endian' },
  transferSyntaxUid: transferSyntaxes.explicitVrBigEndian,
});
const rle = anInstance({
  study: { key: 'rle' },
  modality: 'US',
  numberOfFrames: 3,
  transferSyntaxUid: transferSyntaxes.rleLossless,
});

let clinic: Clinic;
let readers: Record<string, Reader>;
before(async () => {
  clinic = await aClinic();
  const files = [plain, big, rle].map((instance, i) => ({ ...instance, path: `IM${i}` }));
  await storeFiles(clinic.world.exchange, clinic.facility, { files, device: clinic.device });
  const recipient = await clinic.recipientOf([plain.studyInstanceUid]);
  readers = { machine: clinic.machine, clerk: clinic.clerk, recipient };
});
after(() => clinic.close());

test('WADO-URI gives files to who asks rightly', async () => {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = plain;
  const right = {
    requestType: 'WADO',
    studyUID: studyInstanceUid,
    seriesUID: seriesInstanceUid,
    objectUID: sopInstanceUid,
  };
  const ask = (more: Record<string, string>, reader = clinic.machine) =>
    reader.ask(`/wado?${new URLSearchParams({ ...right, contentType: 'application/dicom', ...more })}`);
  const stored = { transferSyntax: transferSyntaxes.explicitVrLittleEndian };
  for (const reader of Object.values(readers)) {
    const given = await ask(stored, reader);
    assert.ok((await bytesOf(given)).equals(plain.bytes));
  }
  assert.equal((await ask({ transferSyntax: '1.2.840.10008.1.2.4.50' })).status, 406);
  assert.equal((await ask({ objectUID: '1.2.3' })).status, 404);
  assert.equal((await ask({ objectUID: '' })).status, 400);
  assert.equal((await ask({ requestType: 'GET' })).status, 400);
  assert.equal((await ask({ anonymize: 'yes' })).status, 400);
});

test('WADO-URI gives pictures, by default of what is one', async () => {
  const uri = (instance: Instance, more: Record<string, string>) => {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
    const uids = { studyUID: studyInstanceUid, seriesUID: seriesInstanceUid, objectUID: sopInstanceUid };
    return clinic.machine.ask(`/wado?${new URLSearchParams({ requestType: 'WADO', ...uids, ...more })}`);
  };
  for (const [instance, more, expected] of [
    [big, {}, /^image\/jpeg/],
    [
      big,
      { contentType: 'image/png', rows: '32', columns: '32', windowCenter: '1024', windowWidth: '4096' },
      /^image\/png/,
    ],
    [rle, {}, /^application\/dicom/],
    [rle, { frameNumber: '2' }, /^image\/jpeg/],
    [rle, { contentType: 'image/jpeg', imageQuality: '50' }, /^image\/jpeg/],
  ] as const) {
    const answer = await uri(instance, more);
    assert.equal(answer.status, 200, JSON.stringify(more));
    assert.match(answer.headers.get('content-type') ?? '', expected, JSON.stringify(more));
  }
  assert.equal((await uri(rle, { frameNumber: '9' })).status, 404);
  assert.equal((await uri(rle, { contentType: 'application/dicom', frameNumber: '1' })).status, 406);
});
