import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { anInstance } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { storeFiles } from '../../world/stored.ts';
import { readPng } from '../rendered/drawn.ts';
import { type Clinic, type Reader, aClinic, bytesOf } from './clinic.ts';

const plain = anInstance({ study: { key: 'plain' } });
/** The same pixels as those of 64 by 64, read in longer rows. */
const wide = anInstance({ study: { key: 'wide' }, attributes: { Rows: 32, Columns: 128 } });
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
  const files = [plain, wide, big, rle].map((instance, i) => ({ ...instance, path: `IM${i}` }));
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

const uri = (instance: Instance, more: Record<string, string>, headers: Record<string, string> = {}) => {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
  const uids = { studyUID: studyInstanceUid, seriesUID: seriesInstanceUid, objectUID: sopInstanceUid };
  const parameters = new URLSearchParams({ requestType: 'WADO', ...uids, ...more });
  return clinic.machine.ask(`/wado?${parameters}`, headers);
};

test('WADO-URI gives pictures, by default of what is one', async () => {
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

test('a picture keeps its proportions, whichever side is asked for, and shows the region that is asked for', async () => {
  for (const [asked, width, height] of [
    [{ rows: '40' }, 160, 40],
    [{ columns: '40' }, 40, 10],
    [{ rows: '10', columns: '400' }, 40, 10],
    [{ region: '0,0,0.5,1' }, 64, 32],
    [{ region: '0.5,.5,1,1', rows: '8' }, 32, 8],
  ] as const) {
    const answer = await uri(wide, { contentType: 'image/png', ...asked });
    const { columns, rows } = readPng(await bytesOf(answer));
    assert.deepEqual([columns, rows], [width, height], JSON.stringify(asked));
  }
  const [left, right] = await Promise.all(
    ['0,0,0.5,1', '0.5,0,1,1'].map(async (region) =>
      bytesOf(await uri(wide, { contentType: 'image/png', region })),
    ),
  );
  assert.ok(!left?.equals(right!));
});

test('what is no picture parameter is told so', async () => {
  const wrong: Record<string, string>[] = [
    { windowCenter: '40' },
    { windowWidth: '400' },
    { windowCenter: 'a', windowWidth: 'b' },
    { region: '0,0,1' },
    { region: '0.5,0,0.5,1' },
    { region: '0,0,2,1' },
    { rows: '0' },
    { imageQuality: '101' },
    { annotation: 'everything' },
    { presentationUID: '1.2', presentationSeriesUID: '1.3' },
    { frameNumber: '0' },
    { frameNumber: '1,2' },
  ];
  for (const asked of wrong) {
    const answer = await uri(plain, { contentType: 'image/jpeg', ...asked });
    assert.equal(answer.status, 400, JSON.stringify(asked));
    assert.match((await answer.json()).error, /\w.*\.$/);
  }
});

test('who does not say contentType is given what the Accept header says', async () => {
  for (const [accept, expected] of [
    ['application/dicom', /^application\/dicom;/],
    ['image/png', /^image\/png/],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', /^image\/jpeg/],
  ] as const) {
    const answer = await uri(plain, {}, { accept });
    assert.match(answer.headers.get('content-type') ?? '', expected, accept);
  }
  assert.equal((await uri(plain, {}, { accept: 'text/html' })).status, 406);
  const asked = await uri(plain, { contentType: 'application/dicom' }, { accept: 'image/png' });
  assert.match(asked.headers.get('content-type') ?? '', /^application\/dicom;/);
});
