import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { instanceNumberIn } from '@filmpost/tests/world/dicom/pattern.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Device, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { withKey } from '@filmpost/tests/world/visitors.ts';
import { readPng } from './drawn.ts';
import { loopOf, recording } from './recordings.ts';

let world: ServedWorld;
let device: Device;
/** One CT of five slices, one ultrasound loop of three frames, a document, a video and a damaged JPEG 2000. */
let study: Study;
before(async () => {
  world = await aServer();
  const facility = await aFacility(world.exchange);
  device = await aDevice(world.exchange, facility);
  study = aStudy({
    series: [
      { instances: 5 },
      { instances: 1, modality: 'US', numberOfFrames: 3 },
      { instances: 1, ...DOCUMENT },
      { instances: 1, ...recording(loopOf('ftypisom')) },
      { instances: 1, ...recording(loopOf('neither ')) },
      { instances: 1, transferSyntaxUid: '1.2.840.10008.1.2.4.90', compressedFrames: [Buffer.from('no')] },
      { instances: 1, ...NO_PIXELS },
    ],
  });
  await storeFiles(world.exchange, facility, { files: study.files, device });
});
after(() => world.close());

const NO_PIXELS = { modality: 'OT', attributes: { PixelData: undefined } };
const DOCUMENT = {
  ...NO_PIXELS,
  extraElements: [{ tag: 0x00420011, vr: 'OB' as const, value: Buffer.from('%PDF-1.4 a page') }],
};

const fileOf = (series: number) => study.files.find(({ seriesNumber }) => seriesNumber === series)!;
const studyPath = () => `/${study.studyInstanceUid}`;
const seriesPath = (series: number) => `${studyPath()}/series/${fileOf(series).seriesInstanceUid}`;
const instancePath = (series: number) => `${seriesPath(series)}/instances/${fileOf(series).sopInstanceUid}`;

function get(at: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${world.url}/dicomweb/studies${at}`, { headers: { ...withKey(device.key), ...headers } });
}

async function png(at: string) {
  const answer = await get(at, { accept: 'image/png' });
  assert.equal(answer.headers.get('content-type'), 'image/png', await answer.clone().text());
  return readPng(Buffer.from(await answer.arrayBuffer()));
}

/** Which of the patterned images a picture shows. */
async function shownIn(at: string): Promise<number> {
  const { columns, samples } = await png(at);
  assert.equal(columns, 64);
  return instanceNumberIn((x, y) => samples[y * columns + x]!, 115);
}

async function statuses(asked: Record<string, number>): Promise<void> {
  for (const [question, expected] of Object.entries(asked)) {
    const [at = '', accept] = question.split(' as ');
    const answer = await get(at, accept ? { accept } : {});
    assert.equal(answer.status, expected, `${question}: ${expected >= 400 ? await answer.text() : ''}`);
    if (expected >= 400) assert.match(await answerSentence(at, accept), /^\w.*\.$/, question);
  }
}

async function answerSentence(at: string, accept?: string): Promise<string> {
  const { error } = await (await get(at, accept ? { accept } : {})).json();
  return error;
}

test('a study and a series are shown by the middle image of the longest series, a loop by its middle frame', async () => {
  assert.equal(await shownIn(`${studyPath()}/rendered`), 3);
  assert.equal(await shownIn(`${seriesPath(1)}/rendered`), 3);
  assert.equal(await shownIn(`${instancePath(1)}/rendered`), 1);
  assert.equal(await shownIn(`${instancePath(2)}/rendered`), 2);
  assert.equal(await shownIn(`${instancePath(2)}/frames/3/rendered`), 3);
});

test('in parts, a study and a series are all of their images, but for those that cannot be drawn', async () => {
  for (const [at, images] of [
    [studyPath(), [...study.files.slice(0, 5), fileOf(2)]],
    [seriesPath(1), study.files.slice(0, 5)],
    [seriesPath(2), [fileOf(2)]],
  ] as const) {
    const answer = await get(`${at}/rendered`, { accept: 'multipart/related; type="image/png"' });
    assert.equal(answer.status, 200);
    const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    assert.equal(body.match(/\x89PNG/g)?.length, images.length);
    assert.deepEqual(
      [...body.matchAll(/instances\/([\d.]+)\/frames/g)].map(([, uid]) => uid),
      images.map(({ sopInstanceUid }) => sopInstanceUid),
    );
  }
  await statuses({
    [`${seriesPath(6)}/rendered as multipart/related; type="image/png"`]: 406,
    [`${seriesPath(7)}/rendered as multipart/related; type="image/png"`]: 406,
  });
});

test('thumbnails fit 256 pixels or what is asked, as JPEG unless PNG is wanted', async () => {
  for (const at of [studyPath(), seriesPath(1), instancePath(1), `${instancePath(2)}/frames/1`]) {
    const answer = await get(`${at}/thumbnail`);
    assert.equal(answer.headers.get('content-type'), 'image/jpeg');
    assert.deepEqual([...new Uint8Array(await answer.arrayBuffer()).subarray(0, 2)], [0xff, 0xd8]);
  }
  const { columns, rows } = await png(`${instancePath(1)}/thumbnail`);
  assert.deepEqual([columns, rows], [256, 256]);
  const small = await png(`${instancePath(1)}/thumbnail?viewport=30,20`);
  assert.deepEqual([small.columns, small.rows], [20, 20]);
});

test('several frames come as parts, each with its own address', async () => {
  const at = `${instancePath(2)}/frames/1,3/rendered`;
  const answer = await get(at, { accept: 'multipart/related; type="image/png"' });
  assert.match(answer.headers.get('content-type') ?? '', /^multipart\/related; type="image\/png"; boundary=/);
  const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  assert.equal(body.match(/\x89PNG/g)?.length, 2);
  assert.deepEqual(body.match(/frames\/\d+\/rendered/g), ['frames/1/rendered', 'frames/3/rendered']);
});

test('the form that is acceptable is given, and none where none is', async () => {
  const at = `${instancePath(1)}/rendered`;
  await statuses({
    [at]: 200,
    [`${at} as image/jpeg`]: 200,
    [`${at} as image/*`]: 200,
    [`${at} as image/gif;q=0.9, */*;q=0.1`]: 200,
    [`${at} as multipart/related; type="image/jpeg"`]: 200,
    [`${at}?accept=image/png as image/gif`]: 200,
    [`${at} as image/gif`]: 406,
    [`${at} as application/dicom`]: 406,
    [`${instancePath(2)}/frames/1,2/rendered as image/jpeg`]: 406,
  });
});

test('window, viewport and quality are obeyed', async () => {
  const { samples } = await png(`${instancePath(1)}/rendered?window=-1000,1,linear`);
  assert.deepEqual(new Set(samples), new Set([255]));
  const region = await png(`${instancePath(1)}/rendered?viewport=8,8,16,0,16,16`);
  assert.deepEqual([region.columns, region.rows], [8, 8]);
  const size = async (quality: number) =>
    (await (await get(`${instancePath(1)}/rendered?quality=${quality}`)).arrayBuffer()).byteLength;
  assert.ok((await size(5)) < (await size(100)));
});

test('parameters that are none are told so', async () => {
  const at = `${instancePath(1)}/rendered`;
  const wrong = [
    ...['quality=0', 'quality=101', 'quality=high', 'viewport=1', 'viewport=0,5', 'viewport=9000,9000'],
    ...['viewport=a,b', 'viewport=5,5,-1,0', 'viewport=5,5,0,0,0,1', 'viewport=5,5,64,64', 'window=1,2'],
    ...['window=1,2,cubic', 'window=1,0,linear', 'window=1,-5,sigmoid', 'window=NaN,1,linear'],
    ...['annotation=everything', 'iccprofile=maybe'],
  ];
  await statuses(Object.fromEntries(wrong.map((query) => [`${at}?${query}`, 400])));
  await statuses({ [`${instancePath(1)}/thumbnail?viewport=5,5,0,0`]: 400 });
  // Also where there is no picture they could be about.
  for (const series of [3, 4, 6, 7]) await statuses({ [`${instancePath(series)}/rendered?window=1,2`]: 400 });
  await statuses({ [`${studyPath()}/rendered?quality=0 as multipart/related`]: 400 });
});

test('what is understood and not supported is left out, and the answer says so', async () => {
  const answer = await get(`${instancePath(1)}/rendered?annotation=patient,technique&iccprofile=srgb`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('warning') ?? '', /^299 .*annotation, iccprofile"$/);
  const plain = await get(`${instancePath(1)}/rendered?iccprofile=no`);
  assert.equal(plain.headers.get('warning'), null);
});

test('frames that are not there are not here, and what is no list of frames is told so', async () => {
  await statuses({
    [`${instancePath(2)}/frames/3/rendered`]: 200,
    [`${instancePath(2)}/frames/4/rendered`]: 404,
    [`${instancePath(2)}/frames/4/thumbnail`]: 404,
    [`${instancePath(2)}/frames/1,4/rendered`]: 404,
    [`${instancePath(2)}/frames/0/rendered`]: 400,
    [`${instancePath(2)}/frames/one/thumbnail`]: 400,
    [`${instancePath(2)}/frames/1,2/thumbnail`]: 400,
    [`/1.2.3/rendered`]: 404,
    [`/1.2.3/thumbnail`]: 404,
  });
});

test('what holds no picture, or a damaged one, says so in a sentence', async () => {
  await statuses({ [`${instancePath(6)}/rendered`]: 406, [`${instancePath(7)}/rendered`]: 406 });
  assert.match(await answerSentence(`${instancePath(6)}/rendered`), /damaged/);
  assert.match(await answerSentence(`${instancePath(7)}/rendered`), /no picture/);
  await statuses({ [`${seriesPath(7)}/thumbnail`]: 404, [`${instancePath(4)}/thumbnail`]: 406 });
});

test('an encapsulated document is itself what is rendered', async () => {
  const answer = await get(`${instancePath(3)}/rendered`);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  assert.equal((await answer.text()).slice(0, 15), '%PDF-1.4 a page');
  const at = `${instancePath(3)}/rendered`;
  await statuses({
    [`${at} as application/pdf`]: 200,
    [`${at} as multipart/related; type="application/pdf"`]: 200,
    [`${at} as image/jpeg`]: 406,
  });
});

test('a recording is given as the file it is, in ranges, or not at all', async () => {
  const at = `${instancePath(4)}/rendered`;
  const whole = await get(at, { accept: 'video/mp4' });
  assert.deepEqual([whole.status, whole.headers.get('content-type')], [200, 'video/mp4']);
  const part = await get(at, { range: 'bytes=4-11' });
  assert.deepEqual([part.status, await part.text()], [206, 'ftypisom']);
  const parts = await get(at, { accept: 'multipart/related; type="video/mp4"' });
  assert.match(parts.headers.get('content-type') ?? '', /^multipart\/related; type="video\/mp4"/);
  await statuses({ [`${at} as image/jpeg`]: 406, [`${instancePath(5)}/rendered`]: 406 });
});

test('a picture that the client has is not sent again, and is made once for all readers', async () => {
  const at = `${instancePath(1)}/rendered?quality=77`;
  const kept = () => readdirSync(path.join(world.directory, 'pictures'), { recursive: true }).length;
  const first = await get(at);
  const etag = first.headers.get('etag') ?? '';
  const count = kept();
  assert.ok(count > 0);
  assert.equal((await get(at, { 'if-none-match': etag })).status, 304);
  assert.equal((await get(at)).headers.get('etag'), etag);
  assert.equal(kept(), count);
  assert.match(first.headers.get('cache-control') ?? '', /private/);
});

test('one image stored twice is one picture', async () => {
  const { exchange } = world;
  const elsewhere = await aFacility(exchange, { name: 'Elsewhere', slug: 'elsewhere' });
  const theirs = await aDevice(exchange, elsewhere);
  const file = { ...anInstance({ study: study.context }), path: 'again' };
  await storeFiles(exchange, elsewhere, { files: [file], device: theirs });
  const at = `${world.url}/dicomweb/studies${instancePath(1)}/rendered`;
  const own = await fetch(at, { headers: withKey(device.key) });
  const other = await fetch(at, { headers: withKey(theirs.key) });
  assert.equal(other.status, 200);
  assert.equal(other.headers.get('etag'), own.headers.get('etag'));
});
