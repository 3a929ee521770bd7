import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { transferSyntaxes } from '@filmpost/tests/world/dicom/part10.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Device, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { withKey } from '@filmpost/tests/world/visitors.ts';

let world: ServedWorld;
let device: Device;
let ct: Study;
let rle: Study;
before(async () => {
  world = await aServer();
  const facility = await aFacility(world.exchange);
  device = await aDevice(world.exchange, facility);
  ct = aStudy({ key: 'ct', studyDescription: 'CT Head' });
  rle = aStudy({
    key: 'rle',
    series: [
      { instances: 1, numberOfFrames: 3, modality: 'US', transferSyntaxUid: transferSyntaxes.rleLossless },
    ],
  });
  await storeFiles(world.exchange, facility, { files: [...ct.files, ...rle.files], device });
});
after(() => world.close());

function get(path: string, accept?: string): Promise<Response> {
  const headers = { ...withKey(device.key), ...(accept && { accept }) };
  return fetch(`${world.url}/dicomweb/studies${path}`, { headers });
}

const seriesOf = ({ files: [file] }: Study) => `/${file?.studyInstanceUid}/series/${file?.seriesInstanceUid}`;
const instanceOf = (study: Study) => `${seriesOf(study)}/instances/${study.files[0]?.sopInstanceUid}`;

async function statuses(asked: Record<string, number>): Promise<void> {
  for (const [question, expected] of Object.entries(asked)) {
    const [path = '', accept] = question.split(' as ');
    const { status } = await get(path, accept);
    assert.equal(status, expected, question);
  }
}

test('what is stored is given in the forms that are it, and in no other', async () => {
  const instance = instanceOf(ct);
  await statuses({
    [`${instance} as application/dicom`]: 200,
    [`${instance} as multipart/related; type="application/dicom"`]: 200,
    [`${instance} as multipart/related; type="application/dicom"; transfer-syntax=*`]: 200,
    [`${instance} as application/dicom; transfer-syntax=${transferSyntaxes.explicitVrLittleEndian}`]: 200,
    [`${instance} as application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50`]: 406,
    [`${instance} as image/jpeg`]: 406,
    [`${instance} as image/jpeg, */*;q=0.1`]: 200,
    [`${instance} as application/dicom;q=0`]: 406,
    [`${seriesOf(ct)} as image/jpeg`]: 406,
    [`${instance}/frames/1 as application/octet-stream`]: 200,
    [`${instance}/frames/1 as image/jpeg`]: 406,
  });
});

test('an instance comes byte for byte, alone and as a part', async () => {
  const [file] = ct.files;
  const alone = await get(instanceOf(ct), 'application/dicom');
  assert.deepEqual(new Uint8Array(await alone.arrayBuffer()), file?.bytes);
  assert.equal(alone.headers.get('content-length'), String(file?.bytes.length));
  const parts = await get(`/${ct.studyInstanceUid}`, 'multipart/related; type="application/dicom"');
  const body = Buffer.from(await parts.arrayBuffer());
  assert.equal(parts.headers.get('content-length'), String(body.length));
  for (const { bytes } of ct.files) assert.ok(body.indexOf(bytes) >= 0, 'each image is in it');
});

test('frames are numbered from one to as many as there are', async () => {
  const instance = instanceOf(rle);
  await statuses({
    [`${instance}/frames/1`]: 200,
    [`${instance}/frames/3`]: 200,
    [`${instance}/frames/1,2,3`]: 200,
    [`${instance}/frames/4`]: 404,
    [`${instance}/frames/0`]: 400,
    [`${instance}/frames/1,x`]: 400,
    [`${instance}/frames/-1`]: 400,
    [`${instance}/frames/99999999`]: 400,
    [`${instance}/frames/${Array(1001).fill('1').join(',')}`]: 400,
    [`${instance}/frames`]: 404,
  });
});

test('searches find what matches, and say so when that is nothing', async () => {
  await statuses({
    '?PatientName=Lovelace*': 200,
    '?PatientName=LOVELACE%5Eada': 200,
    '?00100020=SAM-0041207': 200,
    '?PatientName=Nobody': 204,
    '?StudyDate=20260101-20261231': 200,
    '?StudyDate=-20200101': 204,
    '?ModalitiesInStudy=US': 200,
    '?ModalitiesInStudy=MG': 204,
    '?limit=0': 204,
    '?limit=1&offset=1': 200,
    '?offset=2': 204,
    [`?StudyInstanceUID=${'1.2.3,'.repeat(50)}${''}`]: 204,
  });
});

test('what cannot be a question is told so', async () => {
  await statuses({
    '?StudyDate=yesterday': 400,
    '?StudyDate=20261301': 400,
    '?limit=many': 400,
    '?limit=-1': 400,
    '?offset=99999999999999999999': 400,
  });
});

test('characters that no database holds are a question about nothing', async () => {
  await statuses({
    '?PatientName=%00': 400,
    '?PatientName=100%&limit=1': 400,
    '?PatientName=%zz': 400,
    '?PatientID=%ED%A0%80': 204,
    '/1.2%00': 404,
    '/%': 404,
    '/%FF': 404,
    [`/${'1'.repeat(5000)}`]: 404,
  });
});

test('what is not built below a resource is not there', async () => {
  await statuses({
    '/': 200,
    [`/${ct.studyInstanceUid}/`]: 200,
    [`/${ct.studyInstanceUid}/series/`]: 200,
    [`${seriesOf(ct)}/rendered/1`]: 404,
    [`/${ct.studyInstanceUid}/instances/rendered`]: 404,
    [`${instanceOf(ct)}/bulkdata`]: 404,
    [`${instanceOf(ct)}/bulkdata/7FE00010`]: 200,
    [`${instanceOf(ct)}/bulkdata/7FE00010/1`]: 404,
    [`${instanceOf(ct)}/frames/1/2`]: 404,
    '/../../../etc/passwd': 404,
    '//series': 404,
    [`/${ct.studyInstanceUid}/series//instances`]: 404,
    [`${seriesOf(ct)}/instances//metadata`]: 404,
  });
});

test('series metadata is kept by its readers until it grows', async () => {
  const path = `${seriesOf(ct)}/metadata`;
  const first = await get(path);
  const etag = first.headers.get('etag') ?? '';
  assert.equal((await first.json()).length, 3);
  const url = `${world.url}/dicomweb/studies${path}`;
  const again = await fetch(url, { headers: { ...withKey(device.key), 'if-none-match': etag } });
  assert.equal(again.status, 304);
});
