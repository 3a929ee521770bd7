import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Device, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { type MultipartRequest, multipartOf } from '@filmpost/tests/world/multipart.ts';
import { withKey } from '@filmpost/tests/world/visitors.ts';

let world: ServedWorld;
let device: Device;
let number = 0;
const MOST = 4 * 1024 * 1024;
const MOST_OF_ONE = 1024 * 1024;
before(async () => {
  world = await aServer({ uploadMaxBytes: MOST, instanceMaxBytes: MOST_OF_ONE });
  device = await aDevice(world.exchange, await aFacility(world.exchange));
});
after(() => world.close());

const someStudy = () => aStudy({ key: `stowed ${(number += 1)}` });
const bytesOf = ({ files }: Study) => files.map(({ bytes }) => bytes);

interface StoreAnswer {
  status: number;
  stored: string[];
  /** Failure reasons (0008,1197). */
  failures: number[];
}

type Items = { Value?: Record<string, { Value?: unknown[] }>[] } | undefined;

function post(headers: Record<string, string>, body: BodyInit, path = '/dicomweb/studies') {
  const init = { method: 'POST', headers: { ...withKey(device.key), ...headers }, body, duplex: 'half' };
  return fetch(`${world.url}${path}`, init);
}

async function store({ headers, body }: MultipartRequest, path?: string): Promise<StoreAnswer> {
  const response = await post(headers, body, path);
  const answer: Record<string, Items> = await response.json();
  const values = (items: Items, tag: string) => (items?.Value ?? []).map((item) => item[tag]?.Value?.[0]);
  return {
    status: response.status,
    stored: values(answer['00081199'], '00081155').map(String),
    failures: values(answer['00081198'], '00081197').map(Number),
  };
}

async function stored(studyInstanceUid: string): Promise<number> {
  const rows = await world.exchange.db
    .selectFrom('instance')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .select('instance.id')
    .where('study.studyInstanceUid', '=', studyInstanceUid)
    .execute();
  return rows.length;
}

/** Blobs that lie on the disk. */
function blobs(): number {
  const entries = readdirSync(world.exchange.blobs.directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

test('all stored: 200, each instance named, and at once there for whoever may read it', async () => {
  const study = someStudy();
  const answer = await store(multipartOf(bytesOf(study)));
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.stored.sort(), study.files.map(({ sopInstanceUid }) => sopInstanceUid).sort());
  assert.equal(await stored(study.studyInstanceUid), 3);
});

test('stored again: 200, and nothing is there twice', async () => {
  const study = someStudy();
  const message = multipartOf([...bytesOf(study), ...bytesOf(study)]);
  for (let times = 0; times < 2; times++) {
    const answer = await store(message);
    assert.equal(answer.status, 200);
    assert.equal(answer.stored.length, 6);
  }
  assert.equal(await stored(study.studyInstanceUid), 3);
});

test('some not to be understood: 202 with a reason for each, the others stored', async () => {
  const study = someStudy();
  const answer = await store(multipartOf([...bytesOf(study), Buffer.from('no image'), Buffer.alloc(0)]));
  assert.equal(answer.status, 202);
  assert.equal(answer.stored.length, 3);
  assert.deepEqual(answer.failures, [0xc000, 0xc000]);
});

test('none stored: 409', async () => {
  const answer = await store(multipartOf([Buffer.from('no image')]));
  assert.deepEqual(answer, { status: 409, stored: [], failures: [0xc000] });
});

test('an instance of another study than the one in the path is refused', async () => {
  const [wanted, other] = [someStudy(), someStudy()];
  const path = `/dicomweb/studies/${wanted.studyInstanceUid}`;
  const answer = await store(multipartOf([...bytesOf(wanted), ...bytesOf(other)]), path);
  assert.equal(answer.status, 202);
  assert.deepEqual(answer.failures, [0xa900, 0xa900, 0xa900]);
  assert.equal(await stored(other.studyInstanceUid), 0);
});

test('a refused instance that was understood is named', async () => {
  const other = someStudy();
  const { headers, body } = multipartOf(bytesOf(other));
  const response = await post(headers, body, `/dicomweb/studies/${someStudy().studyInstanceUid}`);
  assert.equal(response.status, 409);
  const text = await response.text();
  for (const { sopInstanceUid } of other.files) assert.ok(text.includes(sopInstanceUid));
});

test('other bytes under a known identity are refused, and the first stay', async () => {
  const study = someStudy();
  await store(multipartOf(bytesOf(study)));
  const other = anInstance({ study: study.context, pattern: 50 });
  const answer = await store(multipartOf([other.bytes]));
  assert.deepEqual(answer, { status: 409, stored: [], failures: [0x0111] });
  const uid = `${study.studyInstanceUid}/series/${other.seriesInstanceUid}/instances/${other.sopInstanceUid}`;
  const read = await fetch(`${world.url}/dicomweb/studies/${uid}`, {
    headers: { ...withKey(device.key), accept: 'application/dicom' },
  });
  assert.deepEqual(new Uint8Array(await read.arrayBuffer()), study.files[0]?.bytes);
});

test('a body of no parts is refused in a sentence, not as images that could not be stored', async () => {
  const { headers } = multipartOf([], { boundary: 'x' });
  const before = blobs();
  const { status } = await store({ headers, body: Buffer.from('--x--\r\n') });
  assert.equal(status, 400);
  assert.deepEqual(blobs(), before);
});

test('a body without its closing boundary is refused, and leaves nothing behind', async () => {
  const study = someStudy();
  const { headers, body } = multipartOf(bytesOf(study));
  const before = blobs();
  for (const length of [body.length - 4, body.length - 30, Math.floor(body.length / 2), 0]) {
    const { status } = await store({ headers, body: body.subarray(0, length) });
    assert.equal(status, 400, `${length} of ${body.length} bytes`);
  }
  assert.equal(await stored(study.studyInstanceUid), 0);
  assert.equal(blobs(), before);
});

test('a line that breaks in the middle of a body leaves nothing behind', async () => {
  const { headers, body } = multipartOf(bytesOf(someStudy()));
  const before = blobs();
  const request = http.request(`${world.url}/dicomweb/studies`, {
    method: 'POST',
    headers: { ...withKey(device.key), ...headers, 'content-length': body.length },
  });
  const broken = new Promise((resolve) => request.on('error', resolve));
  await new Promise<void>((resolve) => request.write(body.subarray(0, 5000), () => resolve()));
  await receiving(1);
  request.destroy();
  await broken;
  // Ends when the file has gone after its row.
  while (blobs() !== before) await receiving(0);
});

/** Settles when this many bodies are being received. */
async function receiving(count: number): Promise<void> {
  for (;;) {
    const rows = await world.exchange.db
      .selectFrom('blob')
      .select('id')
      .where('state', '=', 'receiving')
      .execute();
    if (rows.length === count) return;
  }
}

test('one file alone is a body too', async () => {
  const [file] = someStudy().files;
  assert.ok(file);
  const headers = { 'content-type': 'application/dicom' as const };
  const answer = await store({ headers, body: Buffer.from(file.bytes) });
  assert.deepEqual(answer, { status: 200, stored: [file.sopInstanceUid], failures: [] });
});

test('what is taken in no form is refused with a sentence, and before it is stored', async () => {
  const multipart = (type: string) => `multipart/related; type="${type}"; boundary=x`;
  const refused: Record<string, [status: number, sentence: RegExp]> = {
    'text/plain': [415, /multipart\/related/],
    'multipart/form-data; boundary=x': [415, /multipart\/related/],
    [multipart('application/dicom+json')]: [415, /not as metadata/],
    [multipart('application/dicom+xml')]: [415, /not as metadata/],
    [multipart('image/jpeg')]: [415, /application\/dicom/],
    'application/dicom+json': [415, /not as metadata/],
    'multipart/related; type="application/dicom"': [400, /boundary/],
  };
  for (const [contentType, [status, sentence]] of Object.entries(refused)) {
    const response = await post({ 'content-type': contentType }, 'DICM');
    assert.equal(response.status, status, contentType);
    assert.match(await response.text(), sentence);
  }
});

test('a compressed body is taken for no other', async () => {
  const study = someStudy();
  const { headers, body } = multipartOf(bytesOf(study));
  const compressed = await post({ ...headers, 'content-encoding': 'gzip' }, body);
  assert.equal(compressed.status, 415);
  assert.match(await compressed.text(), /without a Content-Encoding/);
  assert.equal(await stored(study.studyInstanceUid), 0);
  assert.equal((await post({ ...headers, 'content-encoding': 'identity' }, body)).status, 200);
});

test('whoever could not read the answer is told so, and nothing is stored', async () => {
  const study = someStudy();
  const { headers, body } = multipartOf(bytesOf(study));
  const response = await post({ ...headers, accept: 'application/dicom+xml' }, body);
  assert.equal(response.status, 406);
  assert.equal(await stored(study.studyInstanceUid), 0);
  for (const accept of ['application/dicom+json', 'application/json', 'application/dicom+xml, */*;q=0.1']) {
    assert.equal((await post({ ...headers, accept }, body)).status, 200, accept);
  }
});

test('a body larger than is taken is refused, whether it says so or only shows', async () => {
  const before = blobs();
  const { headers } = multipartOf([]);
  const said = http.request(`${world.url}/dicomweb/studies`, {
    method: 'POST',
    headers: { ...withKey(device.key), ...headers, 'content-length': MOST + 1 },
  });
  said.flushHeaders();
  const [answer] = await once(said, 'response');
  assert.equal(answer.statusCode, 413);
  said.destroy();
  const body = multipartOf([Buffer.alloc(MOST)]).body;
  const shown = await post(headers, new Blob([body]).stream());
  assert.equal(shown.status, 413);
  const one = multipartOf([...bytesOf(someStudy()), Buffer.alloc(MOST_OF_ONE + 1)]);
  const within = await post(one.headers, one.body);
  assert.equal(within.status, 413);
  assert.match(await within.text(), /^.{10}One instance/);
  assert.equal(blobs(), before);
});

test('parts need not say what they are', async () => {
  const study = someStudy();
  const { headers, body } = multipartOf(bytesOf(study));
  const plain = body.toString('latin1').replaceAll('Content-Type: application/dicom\r\n', '');
  const answer = await store({ headers, body: Buffer.from(plain, 'latin1') });
  assert.equal(answer.status, 200);
  assert.equal(answer.stored.length, 3);
});

test('twenty stores of a device that has been silent come through together', async () => {
  const fresh = await aDevice(world.exchange, await aFacility(world.exchange, { slug: 'busy' }));
  const studies = Array.from({ length: 20 }, someStudy);
  const answers = await Promise.all(
    studies.map((study) => {
      const { headers, body } = multipartOf(bytesOf(study));
      const url = `${world.url}/dicomweb/studies`;
      return fetch(url, { method: 'POST', headers: { ...withKey(fresh.key), ...headers }, body });
    }),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array(20).fill(200),
  );
});
