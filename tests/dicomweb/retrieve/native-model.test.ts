import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type JsonDataSet, nativeModel } from '@filmpost/dicom/native-model.ts';
import { aStudy } from '../../world/dicom/study.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, aClinic, partsOf } from './clinic.ts';

const XML = 'application/dicom+xml';
const IN_PARTS = `multipart/related; type="${XML}"`;

const study = aStudy({ key: 'in xml', series: [{ instances: 3 }, { instances: 2, modality: 'MR' }] });
const [first] = study.files;

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
  await storeFiles(clinic.world.exchange, clinic.facility, { files: study.files, device: clinic.device });
});
after(() => clinic.close());

const resources: Record<string, number> = {
  [`/studies/${study.studyInstanceUid}/metadata`]: 5,
  [`/studies/${study.studyInstanceUid}/series/${first?.seriesInstanceUid}/metadata`]: 3,
  [`/studies?StudyInstanceUID=${study.studyInstanceUid}&includefield=all`]: 1,
  [`/series?StudyInstanceUID=${study.studyInstanceUid}`]: 2,
  [`/studies/${study.studyInstanceUid}/instances?limit=4`]: 4,
};

for (const [path, count] of Object.entries(resources)) {
  test(`${path.replace(/[\d.]{9,}/g, '…')} says in XML what it says in JSON, a part each`, async () => {
    const json: JsonDataSet[] = await (await clinic.machine.ask(path)).json();
    const answer = await clinic.machine.ask(path, { accept: IN_PARTS });
    const parts = await partsOf(answer);
    assert.equal(parts.length, count);
    assert.ok(parts.every(({ headers }) => headers['content-type'] === XML));
    assert.deepEqual(
      parts.map(({ bytes }) => bytes.toString('utf8')),
      json.map(nativeModel),
    );
  });
}

test('metadata of an instance may stand alone, and has a name of its own', async () => {
  const path = `/studies/${study.studyInstanceUid}/series/${first?.seriesInstanceUid}/instances/${first?.sopInstanceUid}/metadata`;
  const json = await clinic.machine.ask(path);
  const [dataSet]: JsonDataSet[] = await json.json();
  const answer = await clinic.machine.ask(path, { accept: XML });
  assert.equal(answer.headers.get('content-type'), XML);
  assert.equal(await answer.text(), nativeModel(dataSet ?? {}));
  const etag = json.headers.get('etag') ?? '';
  const other = await clinic.machine.ask(path, { accept: XML, 'if-none-match': etag });
  assert.equal(other.status, 200, 'who has the JSON has no XML');
  const again = { accept: XML, 'if-none-match': answer.headers.get('etag') ?? '' };
  assert.equal((await clinic.machine.ask(path, again)).status, 304);
});

test('a search that finds nothing has no parts', async () => {
  const answer = await clinic.machine.ask('/studies?PatientID=nobody', { accept: IN_PARTS });
  assert.equal(answer.status, 204);
});
