import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { withKey } from '../../world/visitors.ts';
import { type Clinic, type Result, STUDIES, aClinic, keysOf, valueOf } from './clinic.ts';

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
});
after(() => clinic.world.close());

const { head, cine } = STUDIES;
const [first] = head.files;

async function oneOf(path: string): Promise<Result> {
  const { status, results } = await clinic.ask(path);
  assert.equal(status, 200, path);
  const [result] = results;
  assert.ok(result);
  return result;
}

/** Asks as a client that wants nothing added: fetch would send an accept header of its own. */
function raw(method: string, path: string): Promise<http.IncomingMessage & { text: string }> {
  return new Promise((resolve, reject) => {
    const url = new URL(`/dicomweb${path}`, clinic.world.url);
    const request = http.request(url, { method, headers: withKey(clinic.device.key) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(Object.assign(response, { text })));
    });
    request.on('error', reject).end();
  });
}

test('a study says what the standard requires, in the order of its tags', async () => {
  const { text } = await raw('GET', '/studies?StudyID=HEAD');
  const tags = [...text.matchAll(/"([0-9A-F]{8})":\{"vr"/g)].map(([, tag]) => tag);
  assert.deepEqual(tags, tags.toSorted());
  const result = await oneOf('/studies?StudyID=HEAD');
  assert.deepEqual(result, {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080020': { vr: 'DA', Value: ['20260412'] },
    '00080030': { vr: 'TM', Value: ['101500'] },
    '00080050': { vr: 'SH', Value: ['ACC-1'] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00080061': { vr: 'CS', Value: ['CT', 'MR'] },
    '00080080': { vr: 'LO', Value: ['St. Antony Memorial Hospital'] },
    '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Okafor^Ngozi^^Dr' }] },
    '00081030': { vr: 'LO', Value: ['CT Head'] },
    '00081190': { vr: 'UR', Value: [`${clinic.world.url}/dicomweb/studies/${head.studyInstanceUid}`] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Lovelace^Ada' }] },
    '00100020': { vr: 'LO', Value: ['SAM-0041207'] },
    '00100021': { vr: 'LO', Value: ['SAINT-ANTONY'] },
    '00100030': { vr: 'DA', Value: ['19810829'] },
    '00100040': { vr: 'CS', Value: ['F'] },
    '0020000D': { vr: 'UI', Value: [head.studyInstanceUid] },
    '00200010': { vr: 'SH', Value: ['HEAD'] },
    '00201206': { vr: 'IS', Value: [2] },
    '00201208': { vr: 'IS', Value: [4] },
  });
});

test('a name is given in all of its groups, and what is missing has no value', async () => {
  const yamada = await oneOf('/studies?StudyID=YAMADA');
  assert.deepEqual(yamada['00100010'], {
    vr: 'PN',
    Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
  });
  const nothing = await oneOf('/studies?StudyID=NOTHING');
  for (const [tag, vr] of Object.entries({
    '00080020': 'DA',
    '00080050': 'SH',
    '00080061': 'CS',
    '00080090': 'PN',
    '00100010': 'PN',
    '00100030': 'DA',
  })) {
    assert.deepEqual(nothing[tag], { vr }, tag);
  }
  assert.deepEqual((await oneOf('/studies?StudyID=CHEST'))['00081030'], {
    vr: 'LO',
    Value: ['Chest 100%_a\\b'],
  });
});

test('series and instances say what they are, where they belong and where to get them', async () => {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid } = first ?? assert.fail();
  const studies = `${clinic.world.url}/dicomweb/studies`;
  assert.deepEqual(await oneOf(`/studies/${studyInstanceUid}/series?Modality=CT`), {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080021': { vr: 'DA', Value: ['20260412'] },
    '00080031': { vr: 'TM', Value: ['101500'] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00080060': { vr: 'CS', Value: ['CT'] },
    '0008103E': { vr: 'LO', Value: ['Axial 5 mm'] },
    '00081190': { vr: 'UR', Value: [`${studies}/${studyInstanceUid}/series/${seriesInstanceUid}`] },
    '00180015': { vr: 'CS', Value: ['HEAD'] },
    '0020000D': { vr: 'UI', Value: [studyInstanceUid] },
    '0020000E': { vr: 'UI', Value: [seriesInstanceUid] },
    '00200011': { vr: 'IS', Value: [1] },
    '00201209': { vr: 'IS', Value: [3] },
    '00400244': { vr: 'DA' },
    '00400245': { vr: 'TM' },
    '00400275': { vr: 'SQ' },
  });
  const made = await oneOf(`/studies/${studyInstanceUid}/series?Modality=MR`);
  assert.deepEqual(made['00400244'], { vr: 'DA', Value: ['20260411'] });
  assert.deepEqual(made['00400245'], { vr: 'TM', Value: ['235900'] });
  const request = (number: number) => ({
    '00400009': { vr: 'SH', Value: [`SPS-${number}`] },
    '00401001': { vr: 'SH', Value: [`RP-${number}`] },
  });
  assert.deepEqual(made['00400275'], { vr: 'SQ', Value: [request(1), request(2)] });
  const path = `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances`;
  assert.deepEqual(await oneOf(`${path}?InstanceNumber=1`), {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080016': { vr: 'UI', Value: [sopClassUid] },
    '00080018': { vr: 'UI', Value: [sopInstanceUid] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00080060': { vr: 'CS', Value: ['CT'] },
    '00081190': {
      vr: 'UR',
      Value: [`${studies}/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`],
    },
    '00083002': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] },
    '0020000D': { vr: 'UI', Value: [studyInstanceUid] },
    '0020000E': { vr: 'UI', Value: [seriesInstanceUid] },
    '00200013': { vr: 'IS', Value: [1] },
    '00280008': { vr: 'IS', Value: [1] },
    '00280010': { vr: 'US', Value: [64] },
    '00280011': { vr: 'US', Value: [64] },
    '00280100': { vr: 'US', Value: [16] },
  });
});

test('the address to retrieve from leads back to the very thing', async () => {
  const { ask, device, world } = clinic;
  for (const path of ['/studies', '/series', '/instances']) {
    const { results } = await ask(`${path}?PatientID=SAM-0041207`);
    for (const result of results) {
      const url = String(valueOf(result, '00081190'));
      assert.ok(url.startsWith(`${world.url}/dicomweb/studies/`), url);
      const response = await fetch(`${url}/metadata`, { headers: withKey(device.key) });
      const [stored]: Result[] = await response.json();
      for (const tag of ['0020000D', '0020000E', '00080018']) {
        if (result[tag]) assert.equal(valueOf(stored, tag), valueOf(result, tag), `${path} ${tag}`);
      }
    }
  }
});

test('where the path names no parent, its attributes are given as well', async () => {
  const series = await oneOf('/series?PatientID=SAM-0041207&Modality=US');
  assert.equal(valueOf(series, '00080050'), 'ACC-2');
  assert.equal(valueOf(series, '00201206'), 1);
  const instance = await oneOf('/instances?PatientID=SAM-0041207&Modality=US');
  assert.equal(valueOf(instance, '00080050'), 'ACC-2');
  assert.equal(valueOf(instance, '00201209'), 1);
  assert.equal(valueOf(instance, '00280008'), 3);
  const inStudy = await oneOf(`/studies/${cine.studyInstanceUid}/instances`);
  assert.equal(valueOf(inStudy, '00201209'), 1);
  assert.equal(inStudy['00080050'], undefined);
});

test('what was matched by is said, also of the levels above', async () => {
  const path = `/studies/${cine.studyInstanceUid}/series`;
  assert.equal((await oneOf(path))['00100020'], undefined);
  assert.equal(valueOf(await oneOf(`${path}?PatientID=SAM-0041207`), '00100020'), 'SAM-0041207');
});

test('fields are included by keyword, by tag, in lists and by repetition, from the catalogue or the stored image', async () => {
  const study = await oneOf(
    '/studies?StudyID=HEAD&includefield=PatientAge,00080062&includefield=StudyDescription',
  );
  assert.equal(valueOf(study, '00101010'), '044Y');
  assert.deepEqual(study['00080062']?.Value, ['1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.5.1.4.1.1.4']);
  const series = await oneOf(
    `/studies/${head.studyInstanceUid}/series?includefield=00081010,patientname,0008103e&Modality=CT`,
  );
  assert.equal(valueOf(series, '00081010'), 'CTROOM1');
  assert.equal(series['00100010'], undefined, 'keywords have their case');
  const named = await oneOf(`/studies/${head.studyInstanceUid}/series?includefield=PatientName&Modality=CT`);
  assert.deepEqual(valueOf(named, '00100010'), { Alphabetic: 'Lovelace^Ada' });
  const instance = await oneOf(
    `/studies/${head.studyInstanceUid}/instances?includefield=BitsAllocated,PatientName,00181030.00400008&InstanceNumber=2`,
  );
  assert.equal(valueOf(instance, '00280100'), 16);
  assert.deepEqual(valueOf(instance, '00100010'), { Alphabetic: 'Lovelace^Ada' });
});

test('all fields are those of the level and the ones above it, never pixels', async () => {
  const study = await oneOf('/studies?StudyID=HEAD&includefield=all');
  assert.equal(valueOf(study, '00101010'), '044Y');
  assert.equal(study['00280100'], undefined);
  assert.equal(study['00081010'], undefined);
  const series = await oneOf('/series?StudyID=HEAD&includefield=all&Modality=MR');
  assert.equal(valueOf(series, '00081010'), 'MRROOM1');
  assert.equal(valueOf(series, '00100020'), 'SAM-0041207');
  const { results } = await clinic.ask(`/studies/${head.studyInstanceUid}/instances?includefield=all`);
  assert.equal(results.length, 4);
  assert.deepEqual(
    results.map((result) => valueOf(result, '00080018')),
    head.files.map((file) => file.sopInstanceUid),
  );
  for (const result of results) {
    assert.equal(valueOf(result, '00280100'), 16);
    assert.equal(result['7FE00010'], undefined);
    assert.match(String(valueOf(result, '00081190')), /^http/);
  }
});

test('a field of another level, or unknown, is left out and said to be', async () => {
  const { headers, results } = await clinic.ask('/studies?StudyID=HEAD&includefield=SOPInstanceUID,Bogus');
  assert.match(headers.get('warning') ?? '', /SOPInstanceUID is not known of a study.*Bogus is not known/);
  assert.equal(results.length, 1);
});

test('answers are DICOM JSON or its XML in any form that is accepted, and in no other', async () => {
  const expected: Record<string, [number, string | null]> = {
    '*/*': [200, 'application/dicom+json'],
    'application/dicom+json': [200, 'application/dicom+json'],
    'application/json': [200, 'application/json'],
    'application/*': [200, 'application/dicom+json'],
    'application/dicom+xml': [406, 'application/json'],
    'text/html': [406, 'application/json'],
    'text/html, application/json;q=0.5': [200, 'application/json'],
    'multipart/related; type="application/dicom+xml";q=0.8, application/dicom+json;q=0.9': [
      200,
      'application/dicom+json',
    ],
  };
  for (const [accept, [status, type]] of Object.entries(expected)) {
    const answer = await clinic.ask('/studies', { accept });
    assert.equal(answer.status, status, accept);
    assert.equal(answer.headers.get('content-type'), type, accept);
  }
  const inXml = 'multipart/related; type="application/dicom+xml"';
  const headers = { ...withKey(clinic.device.key), accept: inXml };
  const answer = await fetch(`${clinic.world.url}/dicomweb/studies`, { headers });
  assert.equal(answer.status, 200);
  assert.ok(answer.headers.get('content-type')?.startsWith(`${inXml}; boundary=`));
  assert.equal((await raw('GET', '/studies')).headers['content-type'], 'application/dicom+json');
  assert.equal((await clinic.ask('/studies?accept=application/dicom%2Bxml')).status, 406);
});

test('HEAD is GET without the body; nothing found is 204; nobody else keeps an answer', async () => {
  const got = await raw('GET', '/studies');
  const looked = await raw('HEAD', '/studies');
  assert.equal(looked.statusCode, 200);
  assert.equal(looked.text, '');
  assert.equal(looked.headers['content-length'], String(Buffer.byteLength(got.text)));
  assert.match(String(got.headers['cache-control']), /no-store/);
  for (const path of ['/studies', '/series', '/instances']) {
    const nothing = await raw('GET', `${path}?PatientID=nobody`);
    assert.equal(nothing.statusCode, 204);
    assert.equal(nothing.text, '');
  }
});

test('what OHIF asks when it opens a study is answered', async () => {
  const uid = head.studyInstanceUid;
  const query = 'limit=101&offset=0&fuzzymatching=false&includefield=00081030,00080060,00080090,00100030';
  const studies = await clinic.ask(`/studies?${query}&StudyInstanceUID=${uid}`);
  assert.deepEqual(keysOf(studies.results), ['head']);
  const ofPatient = await clinic.ask(`/studies?00100020=SAM-0041207&${query}`);
  assert.deepEqual(keysOf(ofPatient.results), ['head', 'cine']);
  const series = await clinic.ask(
    `/studies/${uid}/series?includefield=00080021,00080031,0008103E,00200011&SeriesInstanceUID=${first?.seriesInstanceUid}`,
  );
  assert.deepEqual(
    series.results.map((result) => valueOf(result, '0020000E')),
    [first?.seriesInstanceUid],
  );
});
