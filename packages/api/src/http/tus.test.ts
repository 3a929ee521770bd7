import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  confirmUpload,
  finishUpload,
  openRequestUpload,
  withdrawUpload,
} from '@filmpost/exchange/intake/commands.ts';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter } from '@filmpost/tests/world/sending.ts';
import { type Papers, anOpenedRequest, withKey } from '@filmpost/tests/world/visitors.ts';

const MOST = 1024 * 1024;
const OFFSET = 'application/offset+octet-stream';

let world: ServedWorld;
let facility: Facility;
before(async () => {
  world = await aServer({ uploadMaxBytes: MOST });
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function anUploader() {
  const request = await anOpenedRequest(world.exchange, facility);
  const { uploadId } = await openRequestUpload(world.exchange, request.fulfil);
  return { request, uploadId, papers: request.uploader };
}

interface Knock {
  method: string;
  path?: string;
  papers: Papers;
  headers?: Papers;
  body?: BodyInit;
}

function tus({ method, path = '/files', papers, headers, body }: Knock): Promise<Response> {
  return fetch(`${world.url}${path}`, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...papers, ...headers },
    body,
  });
}

function metadata(pairs: Record<string, string>): Papers {
  const words = Object.entries(pairs).map(
    ([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`,
  );
  return { 'upload-metadata': words.join(',') };
}

function create(papers: Papers, length: number, pairs: Record<string, string>): Promise<Response> {
  return tus({ method: 'POST', papers, headers: { 'upload-length': String(length), ...metadata(pairs) } });
}

async function begun(papers: Papers, length: number, pairs: Record<string, string>): Promise<string> {
  const response = await create(papers, length, pairs);
  assert.equal(response.status, 201, await response.text());
  return response.headers.get('location') ?? '';
}

function patch(papers: Papers, path: string, { offset, body }: { offset: number; body: BodyInit }) {
  const headers = { 'upload-offset': String(offset), 'content-type': OFFSET };
  return tus({ method: 'PATCH', path, papers, headers, body });
}

async function head(papers: Papers, path: string) {
  const response = await tus({ method: 'HEAD', path, papers });
  return { status: response.status, offset: response.headers.get('upload-offset') };
}

async function blobState(path: string): Promise<string | undefined> {
  const id = path.split('/').at(-1) ?? '';
  const row = await world.exchange.db
    .selectFrom('blob')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.state;
}

test('bytes sent in pieces are one blob, on the disk before the last yes', async () => {
  const { papers, uploadId } = await anUploader();
  const bytes = randomBytes(300_000);
  const path = await begun(papers, bytes.length, { upload: uploadId, filename: 'IM1' });
  assert.match(path, /^\/files\/[0-9a-f]{32}$/);
  for (let at = 0; at < bytes.length; at += 100_000) {
    const answer = await patch(papers, path, { offset: at, body: bytes.subarray(at, at + 100_000) });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('upload-offset'), String(at + 100_000));
  }
  assert.equal(await blobState(path), 'received');
  const stored = await world.exchange.blobs.read(path.split('/').at(-1) ?? '', 0, bytes.length);
  const digest = (of: Uint8Array) => createHash('sha256').update(of).digest('hex');
  assert.equal(digest(stored), digest(bytes));
});

test('creation and bytes may come in one request, also for a file without bytes', async () => {
  const { papers, uploadId } = await anUploader();
  const headers = { 'upload-length': '5', 'content-type': OFFSET, ...metadata({ upload: uploadId }) };
  const answer = await tus({ method: 'POST', papers, headers, body: 'bytes' });
  assert.equal(answer.status, 201);
  assert.equal(await blobState(answer.headers.get('location') ?? ''), 'received');
  const empty = await begun(papers, 0, { upload: uploadId });
  assert.equal(await blobState(empty), 'received');
});

test('a wrong offset is a conflict and changes nothing', async () => {
  const { papers, uploadId } = await anUploader();
  const path = await begun(papers, 100, { upload: uploadId });
  assert.equal((await patch(papers, path, { offset: 0, body: 'x'.repeat(40) })).status, 204);
  for (const offset of [0, 39, 41, 100]) {
    assert.equal((await patch(papers, path, { offset, body: 'y' })).status, 409, String(offset));
  }
  for (const offset of [-1, NaN]) {
    assert.ok((await patch(papers, path, { offset, body: 'y' })).status >= 400);
  }
  assert.deepEqual(await head(papers, path), { status: 200, offset: '40' });
});

test('more bytes than were announced are refused', async () => {
  const { papers, uploadId } = await anUploader();
  const path = await begun(papers, 10, { upload: uploadId });
  const answer = await patch(papers, path, { offset: 0, body: 'x'.repeat(11) });
  assert.equal(answer.status, 413);
  assert.notEqual(await blobState(path), 'received');
});

test('a file larger than the exchange takes is refused before its first byte, and when its length comes late', async () => {
  const { papers, uploadId } = await anUploader();
  assert.equal((await create(papers, MOST + 1, { upload: uploadId })).status, 413);
  const headers = { 'upload-defer-length': '1', ...metadata({ upload: uploadId }) };
  const late = await tus({ method: 'POST', papers, headers });
  assert.equal(late.status, 201);
  const path = late.headers.get('location') ?? '';
  const declared = { 'upload-offset': '0', 'upload-length': String(MOST + 1), 'content-type': OFFSET };
  assert.equal((await tus({ method: 'PATCH', path, papers, headers: declared, body: 'x' })).status, 413);
  const endless = await patch(papers, path, { offset: 0, body: Buffer.alloc(MOST + 1) });
  assert.ok([400, 413].includes(endless.status), String(endless.status));
});

test('nobody writes into, looks at or ends what another sends', async () => {
  const [mine, other] = [await anUploader(), await anUploader()];
  const path = await begun(mine.papers, 100, { upload: mine.uploadId });
  const device = withKey((await aDevice(world.exchange, facility)).key);
  for (const papers of [other.papers, device, {}]) {
    assert.equal((await head(papers, path)).status, 404);
    assert.equal((await patch(papers, path, { offset: 0, body: 'x' })).status, 404);
    assert.equal((await tus({ method: 'DELETE', path, papers })).status, 404);
    assert.equal((await create(papers, 10, { upload: mine.uploadId })).status, 404);
  }
  assert.deepEqual(await head(mine.papers, path), { status: 200, offset: '0' });
});

test('GET gives nobody anything, not even the sender', async () => {
  const { papers, uploadId } = await anUploader();
  const path = await begun(papers, 3, { upload: uploadId });
  await patch(papers, path, { offset: 0, body: 'abc' });
  for (const method of ['GET', 'POST']) {
    const headers = { 'x-http-method-override': 'GET', 'x-method-override': 'GET' };
    const answer = await tus({ method, path, papers, headers });
    assert.ok(answer.status >= 400, method);
    assert.ok(!(await answer.text()).includes('abc'));
  }
});

test('ids that are no ids lead nowhere', async () => {
  const { papers } = await anUploader();
  const tricks = [
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/secret',
    'a'.repeat(33),
    'A'.repeat(32),
    '0'.repeat(32),
    `${'0'.repeat(32)}/x`,
    '%00',
    '%ff',
    'constructor',
  ];
  for (const trick of tricks) {
    const path = `/files/${trick}`;
    for (const answer of [
      await tus({ method: 'HEAD', path, papers }),
      await patch(papers, path, { offset: 0, body: 'x' }),
    ]) {
      assert.equal(answer.status, 404, trick);
    }
  }
});

test('metadata names an upload or is refused; what ingest reserves for itself is not taken from a client', async () => {
  const { papers, uploadId } = await anUploader();
  for (const upload of ['', 'x', '../', crypto.randomUUID(), `${uploadId}\0`]) {
    assert.equal((await create(papers, 10, { upload })).status, 404, JSON.stringify(upload));
  }
  assert.equal((await tus({ method: 'POST', papers, headers: { 'upload-length': '1' } })).status, 404);
  const odd = { upload: uploadId, parts: '[[0, 1e15]]', study: '1.2.3', filename: 'NUL\0 and half \ud83e' };
  const path = await begun(papers, 3, odd);
  await patch(papers, path, { offset: 0, body: 'abc' });
  await world.work();
  const row = await world.exchange.db
    .selectFrom('setAside')
    .select(['reason', 'byteLength'])
    .where('blobId', '=', path.split('/').at(-1) ?? '')
    .executeTakeFirstOrThrow();
  assert.deepEqual(row, { reason: 'not-dicom', byteLength: 3 });
});

test('the same pack twice under one upload is told that it is on its way', async () => {
  const { papers, uploadId } = await anUploader();
  const pairs = { upload: uploadId, key: 'the same content' };
  const both = await Promise.all([create(papers, 10, pairs), create(papers, 10, pairs)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
});

test('an upload that has been sent, confirmed or withdrawn takes no more bytes', async () => {
  const { exchange } = world;
  const withdrawn = await anUploader();
  const path = await begun(withdrawn.papers, 10, { upload: withdrawn.uploadId });
  await withdrawUpload(exchange, await aWriter(exchange, withdrawn.request));
  assert.equal((await create(withdrawn.papers, 10, { upload: withdrawn.uploadId })).status, 410);
  assert.equal((await patch(withdrawn.papers, path, { offset: 0, body: 'x' })).status, 410);

  const sent = await anUploader();
  const writer = await aWriter(exchange, sent.request);
  await finishUpload(exchange, writer);
  assert.equal((await create(sent.papers, 10, { upload: sent.uploadId })).status, 410);
  await world.work();
  await confirmUpload(exchange, writer);
  assert.equal((await create(sent.papers, 10, { upload: sent.uploadId })).status, 410);
});

test('what was complete on the disk when the server died is healed by the client’s HEAD', async () => {
  const { papers, uploadId } = await anUploader();
  const study = aStudy({ key: 'healed' });
  const [file] = study.files;
  assert.ok(file);
  const path = await begun(papers, file.bytes.length, { upload: uploadId });
  const id = path.split('/').at(-1) ?? '';
  await using blob = await world.exchange.blobs.open(id, 'r+');
  await blob.write(file.bytes);
  assert.equal(await blobState(path), 'receiving');
  assert.deepEqual(await head(papers, path), { status: 200, offset: String(file.bytes.length) });
  assert.equal(await blobState(path), 'received');
  await world.work();
  assert.equal(await blobState(path), 'ingested');
});

test('an upload taken back by its sender is gone, be it complete or not', async () => {
  const { papers, uploadId } = await anUploader();
  const path = await begun(papers, 10, { upload: uploadId });
  assert.equal((await tus({ method: 'DELETE', path, papers })).status, 204);
  assert.equal((await head(papers, path)).status, 404);
  const complete = await begun(papers, 3, { upload: uploadId });
  await patch(papers, complete, { offset: 0, body: 'abc' });
  assert.equal((await tus({ method: 'DELETE', path: complete, papers })).status, 204);
  assert.equal(await blobState(complete), 'removed');
});

test('a newcomer takes over from a half-open request of the same client', async () => {
  const { papers, uploadId } = await anUploader();
  const path = await begun(papers, 10, { upload: uploadId });
  const stuck = new TransformStream<Uint8Array>();
  const writer = stuck.writable.getWriter();
  const headers = { 'tus-resumable': '1.0.0', ...papers, 'upload-offset': '0', 'content-type': OFFSET };
  const halfOpen = fetch(`${world.url}${path}`, {
    method: 'PATCH',
    headers,
    body: stuck.readable,
    duplex: 'half',
  } as RequestInit);
  halfOpen.catch(() => undefined);
  await writer.write(Buffer.from('abc'));
  let offset = -1;
  while (offset < 0) {
    const answer = await head(papers, path);
    if (answer.status === 200) offset = Number(answer.offset);
  }
  const rest = await patch(papers, path, { offset, body: 'x'.repeat(10 - offset) });
  assert.equal(rest.status, 204);
  assert.equal(await blobState(path), 'received');
  await writer.abort().catch(() => undefined);
});
