import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import http from 'node:http';
import { once } from 'node:events';
import { anInstance } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { aStudy } from '../../world/dicom/study.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, type Reader, aClinic, bytesOf, partsOf, pathOf } from './clinic.ts';

const DOCUMENT = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(5001, 0x25)]);
const NUMBERS = Buffer.from(Uint16Array.from({ length: 40_000 }, (_, i) => i).buffer);

let clinic: Clinic;
let documented: Instance;
let big: Instance;
let rle: Instance;
let readers: Record<string, Reader>;
before(async () => {
  clinic = await aClinic();
  const [first] = aStudy({
    key: 'document',
    series: [{ attributes: { EncapsulatedDocument: DOCUMENT } }],
  }).files;
  assert.ok(first);
  documented = first;
  big = anInstance({
    study: { key: 'big endian' },
    transferSyntaxUid: transferSyntaxes.explicitVrBigEndian,
    extraElements: [{ tag: 0x00281201, vr: 'OW', value: new Uint8Array(NUMBERS) }],
  });
  rle = anInstance({
    study: { key: 'rle' },
    modality: 'US',
    numberOfFrames: 3,
    transferSyntaxUid: transferSyntaxes.rleLossless,
  });
  const study = aStudy({ key: 'document', series: [{ attributes: { EncapsulatedDocument: DOCUMENT } }] });
  const files = [...study.files, { ...big, path: 'BIG' }, { ...rle, path: 'RLE' }];
  await storeFiles(clinic.world.exchange, clinic.facility, { files, device: clinic.device });
  readers = {
    machine: clinic.machine,
    clerk: clinic.clerk,
    recipient: await clinic.recipientOf([documented.studyInstanceUid, rle.studyInstanceUid]),
  };
});
after(() => clinic.close());

const above = (path: string, part: string) => path.slice(0, path.indexOf(part));

test('each resource comes in the forms it has, in the best that is accepted', async () => {
  const instance = pathOf(documented);
  const series = above(instance, '/instances/');
  const study = above(instance, '/series/');
  const multipart = /^multipart\/related; type="application\/dicom"; boundary=/;
  const xmlParts = /^multipart\/related; type="application\/dicom\+xml"; boundary=/;
  const asked: [path: string, accept: string, status: number, type?: RegExp][] = [
    [study, '*/*', 200, multipart],
    [study, 'multipart/related', 200, multipart],
    [study, 'multipart/related; type=application/dicom', 200, multipart],
    [
      study,
      'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1',
      200,
      multipart,
    ],
    [study, 'multipart/related; type="application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50"', 406],
    [study, 'application/dicom', 406],
    [study, 'application/dicom, multipart/related; type="application/dicom";q=0.5', 200, multipart],
    [series, 'application/dicom', 406],
    [series, 'image/jpeg', 406],
    [instance, 'application/dicom', 200, /^application\/dicom; transfer-syntax=/],
    [instance, 'application/dicom;q=0.1, multipart/related; type="application/dicom";q=0.9', 200, multipart],
    [instance, 'application/dicom;q=0', 406],
    [`${instance}?accept=application/dicom`, 'image/jpeg', 200, /^application\/dicom;/],
    [`${study}/metadata`, '*/*', 200, /^application\/dicom\+json$/],
    [`${series}/metadata`, 'application/json', 200, /^application\/json$/],
    [`${series}/metadata?accept=application/dicom+json`, 'image/png', 200, /^application\/dicom\+json$/],
    [`${series}/metadata`, 'multipart/related; type="application/dicom+xml"', 200, xmlParts],
    [`${instance}/metadata`, 'multipart/related; type="application/dicom+xml"', 200, xmlParts],
    [`${instance}/metadata`, 'application/dicom+xml', 200, /^application\/dicom\+xml$/],
    [`${series}/metadata`, 'application/dicom+xml', 406],
    [`${series}/metadata`, 'image/png', 406],
    [`${instance}/bulkdata/00420011`, '*/*', 200, /^application\/pdf$/],
    [`${instance}/bulkdata/00420011`, 'application/octet-stream', 200, /^application\/octet-stream$/],
    [
      `${instance}/bulkdata/00420011`,
      'multipart/related; type="application/octet-stream"',
      200,
      /^multipart\/related/,
    ],
    [`${instance}/bulkdata/00420011`, 'image/png', 406],
  ];
  for (const [path, accept, status, type] of asked) {
    const response = await clinic.machine.ask(path, { accept });
    assert.equal(response.status, status, `${path} as ${accept}`);
    if (type) assert.match(response.headers.get('content-type') ?? '', type, `${path} as ${accept}`);
    else assert.match((await response.json()).error, /\w{3}.*\.$/, 'a refusal says why');
  }
});

const plain = (method: string, path: string) =>
  clinic.machine.ask(path, { 'accept-encoding': 'identity' }, method);

test('HEAD says what GET would give, without giving it', async () => {
  const instance = pathOf(documented);
  for (const path of [
    instance,
    `${instance}/metadata`,
    `${instance}/frames/1`,
    `${instance}/bulkdata/00420011`,
    above(instance, '/instances/'),
    `${above(instance, '/instances/')}/metadata`,
    `${above(instance, '/series/')}/metadata`,
    '/studies',
  ]) {
    const [head, get] = [await plain('HEAD', path), await plain('GET', path)];
    const body = await bytesOf(get);
    assert.equal(head.status, 200, path);
    assert.equal((await bytesOf(head)).length, 0, path);
    assert.equal(head.headers.get('content-length'), String(body.length), path);
  }
});

test('what is not there and what is not yours are one answer; a wrong method is another', async () => {
  const instance = pathOf(documented);
  const answers = new Set<string>();
  for (const [reader, path] of [
    [clinic.machine, instance.replace(documented.sopInstanceUid, '1.2.3')],
    [clinic.machine, '/studies/1.2.3'],
    [clinic.machine, '/studies/1.2.3/metadata'],
    [clinic.machine, '/nothing'],
    [readers.recipient, pathOf(big)],
    [readers.recipient, `${pathOf(big)}/frames/1`],
  ] as const) {
    const response = await reader?.ask(path);
    assert.equal(response?.status, 404, path);
    answers.add((await response?.text()) ?? '');
  }
  assert.equal(answers.size, 1);
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await clinic.machine.ask(instance, {}, method);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS');
  }
  assert.equal((await clinic.clerk.ask('/studies', {}, 'POST')).status, 405);
});

test('metadata of study, series and instance is named by an ETag and travels compressed', async () => {
  const instance = pathOf(documented);
  const series = above(instance, '/instances/');
  for (const [name, reader] of Object.entries(readers)) {
    for (const path of [instance, series, above(instance, '/series/')]) {
      const given = await reader.ask(`${path}/metadata`, { 'accept-encoding': 'identity' });
      const etag = given.headers.get('etag') ?? '';
      const text = await given.text();
      const known = await reader.ask(`${path}/metadata`, { 'if-none-match': `"other", ${etag}` });
      assert.equal(known.status, 304, `${name} ${path}`);
      const raw = await rawBody(`${clinic.world.url}${reader.root}${path}/metadata`, reader);
      assert.equal(gunzipSync(raw).toString(), text, `${name} ${path}`);
    }
  }
});

async function rawBody(url: string, { papers }: Reader): Promise<Buffer> {
  const request = http.get(url, { headers: { ...papers, 'accept-encoding': 'gzip' }, agent: false });
  const [response] = await once(request, 'response');
  assert.equal(response.headers['content-encoding'], 'gzip');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('every BulkDataURI leads to its value, from every metadata and below every root', async () => {
  const instance = pathOf(documented);
  const places = [instance, above(instance, '/instances/'), above(instance, '/series/')];
  for (const [name, reader] of Object.entries(readers)) {
    for (const place of places) {
      const asked = `${clinic.world.url}${reader.root}${place}/metadata`;
      const dataSets = await (await fetch(asked, { headers: reader.papers })).json();
      const uri = dataSets[0]['00420011'].BulkDataURI;
      if (name === 'machine') assert.ok(URL.canParse(uri), 'machines are given whole addresses');
      const value = await fetch(new URL(uri, asked), { headers: reader.papers });
      assert.equal(value.status, 200, `${name}: ${place}`);
      assert.ok((await bytesOf(value)).equals(DOCUMENT));
    }
  }
});

test('any range of bulk data can be asked for', async () => {
  const path = `${pathOf(documented)}/bulkdata/00420011`;
  const range = async (value: string) => clinic.machine.ask(path, { range: value });
  for (const [asked, from, to] of [
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, DOCUMENT.length],
    ['bytes=-7', DOCUMENT.length - 7, DOCUMENT.length],
    ['bytes=4000-999999', 4000, DOCUMENT.length],
  ] as const) {
    const answer = await range(asked);
    assert.equal(answer.status, 206, asked);
    assert.equal(answer.headers.get('content-range'), `bytes ${from}-${to - 1}/${DOCUMENT.length}`);
    assert.ok((await bytesOf(answer)).equals(DOCUMENT.subarray(from, to)), asked);
  }
  const beyond = await range(`bytes=${DOCUMENT.length}-`);
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get('content-range'), `bytes */${DOCUMENT.length}`);
  const [part] = await partsOf(await clinic.machine.ask(path, { accept: 'multipart/related' }));
  assert.ok(part?.bytes.equals(DOCUMENT));
  assert.ok(part?.headers['content-location']?.endsWith(path));
});

test('a certain version can be asked for', async () => {
  const path = `${pathOf(documented)}/bulkdata/00420011`;
  const etag = (await clinic.machine.ask(path)).headers.get('etag') ?? '';
  for (const [wanted, status] of Object.entries({
    [etag]: 200,
    '*': 200,
    [`"x", ${etag}`]: 200,
    '"x"': 412,
  })) {
    assert.equal((await clinic.machine.ask(path, { 'if-match': wanted })).status, status, wanted);
  }
});

test('bulk data is little endian whatever the file is', async () => {
  const given = await bytesOf(await clinic.machine.ask(`${pathOf(big)}/bulkdata/00281201`));
  assert.ok(given.equals(NUMBERS));
});

test('frames are decoded for whoever asks for Explicit VR Little Endian by its UID, and for nobody else', async () => {
  const explicit = '1.2.840.10008.1.2.1';
  const native = anInstance({ study: { key: 'rle' }, modality: 'US', numberOfFrames: 3 });
  const size = 64 * 64;
  const pixels = Buffer.from(native.bytes.subarray(-3 * size));
  const accept = `multipart/related; type="application/octet-stream"; transfer-syntax=${explicit}`;
  const parts = await partsOf(await clinic.machine.ask(`${pathOf(rle)}/frames/3,1`, { accept }));
  assert.deepEqual(
    parts.map(({ headers }) => headers['content-type']),
    Array(2).fill(`application/octet-stream; transfer-syntax=${explicit}`),
  );
  assert.ok(parts[0]?.bytes.equals(pixels.subarray(2 * size)));
  assert.ok(parts[1]?.bytes.equals(pixels.subarray(0, size)));
  const stored = await clinic.machine.ask(`${pathOf(rle)}/frames/1`, { accept: 'application/octet-stream' });
  assert.match(stored.headers.get('content-type') ?? '', /transfer-syntax=1\.2\.840\.10008\.1\.2\.5$/);
  const other = await clinic.machine.ask(`${pathOf(rle)}/frames/1`, {
    accept: 'image/jp2; transfer-syntax=1.2.840.10008.1.2.4.90',
  });
  assert.equal(other.status, 406);
});

test('browsers are told to keep nothing, machines to ask again', async () => {
  for (const [name, reader] of Object.entries(readers)) {
    for (const path of ['', '/metadata', '/frames/1', '/bulkdata/00420011', '/rendered']) {
      const given = await reader.ask(`${pathOf(documented)}${path}`);
      const expected = name === 'machine' ? 'private, no-cache' : 'private, no-store';
      assert.equal(given.headers.get('cache-control'), expected, `${name}: ${path}`);
      assert.equal(given.headers.get('x-content-type-options'), 'nosniff');
    }
  }
});

test('capabilities are described at the root and at every resource', async () => {
  for (const reader of Object.values(readers)) {
    const whole = await reader.ask('', {}, 'OPTIONS');
    assert.equal(whole.headers.get('content-type'), 'application/vnd.sun.wadl+xml');
    const text = await whole.text();
    assert.ok(text.includes(`<resources base="${clinic.world.url}${reader.root}/">`));
    assert.equal(text.includes('StoreInstances'), reader === clinic.machine, 'only machines store');
  }
  const frames = await clinic.machine.ask(`${pathOf(documented)}/frames/1`, {}, 'OPTIONS');
  assert.equal(frames.headers.get('allow'), 'GET, HEAD, OPTIONS');
  assert.match(await frames.text(), /id="RetrieveFrames"/);
  const listed = await clinic.machine.ask('', { accept: 'application/json' }, 'OPTIONS');
  assert.ok((await listed.json()).resources.length > 10);
  assert.equal((await clinic.machine.ask('/nothing', {}, 'OPTIONS')).status, 404);
});
