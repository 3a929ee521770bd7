import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { type Papers, withKey } from '@filmpost/tests/world/visitors.ts';

const OFFSET = 'application/offset+octet-stream';
const MIB = 1024 * 1024;

let world: ServedWorld;
let facility: Facility;
let papers: Papers;
before(async () => {
  world = await aServer();
  facility = await aFacility(world.exchange);
  papers = withKey((await aDevice(world.exchange, facility)).key);
});
after(() => world.close());

interface Knock {
  path?: string;
  headers?: Papers;
  body?: BodyInit;
}

/** A request as written, with nothing of the protocol added. */
function knock(method: string, { path = '/files', headers, body }: Knock = {}): Promise<Response> {
  return fetch(`${world.url}${path}`, { method, headers: { ...papers, ...headers }, body });
}

function tus(method: string, { headers, ...rest }: Knock = {}): Promise<Response> {
  return knock(method, { ...rest, headers: { 'tus-resumable': '1.0.0', ...headers } });
}

async function begun(headers: Papers): Promise<string> {
  const response = await tus('POST', { headers });
  assert.equal(response.status, 201, await response.text());
  return response.headers.get('location') ?? '';
}

const bytes = (offset: number, more: Papers = {}): Papers => ({
  'upload-offset': String(offset),
  'content-type': OFFSET,
  ...more,
});
const offsetOf = async (path: string) => (await tus('HEAD', { path })).headers.get('upload-offset');
const checksum = (algorithm: string, of: string): Papers => ({
  'upload-checksum': `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`,
});

test('another version is 412 and told which one is spoken, whoever asks and for what', async () => {
  const path = await begun({ 'upload-length': '3' });
  const versions: Papers[] = [
    {},
    { 'tus-resumable': '' },
    { 'tus-resumable': '0.2.2' },
    { 'tus-resumable': '1.0' },
  ];
  for (const version of versions) {
    for (const [method, at] of [
      ['POST', '/files'],
      ['HEAD', path],
      ['PATCH', path],
      ['DELETE', path],
      ['DELETE', `/files/${'0'.repeat(32)}`],
    ] as const) {
      const headers = { ...bytes(0), 'upload-length': '3', ...version };
      const answer = await knock(method, { path: at, headers });
      assert.equal(answer.status, 412, `${method} ${JSON.stringify(version)}`);
      assert.equal(answer.headers.get('tus-version'), '1.0.0');
    }
  }
  assert.equal(await offsetOf(path), '0');
});

test('bytes of another media type are 415, bytes without a place are 400', async () => {
  const path = await begun({ 'upload-length': '3' });
  const untyped = { 'upload-offset': '0' };
  for (const headers of [untyped, { ...untyped, 'content-type': 'application/octet-stream' }]) {
    const answer = await tus('PATCH', { path, headers, body: Buffer.from('abc') });
    assert.equal(answer.status, 415);
    assert.equal(answer.headers.get('tus-resumable'), '1.0.0');
  }
  const lost = await tus('PATCH', { path, headers: { 'content-type': OFFSET }, body: 'abc' });
  assert.equal(lost.status, 400);
  assert.equal(await offsetOf(path), '0');
});

test('a length nobody can count to is too large, not malformed', async () => {
  const answer = await tus('POST', { headers: { 'upload-length': '9'.repeat(20) } });
  assert.equal(answer.status, 413);
  assert.equal((await tus('POST', { headers: { 'upload-length': '-1' } })).status, 400);
});

test('what is refused while it begins leaves nothing behind that an upload would wait for', async () => {
  const { exchange } = world;
  const receiving = async () => {
    const rows = await exchange.db.selectFrom('blob').select('id').where('state', '=', 'receiving').execute();
    return rows.length;
  };
  const before = await receiving();
  for (const [length, body] of [
    ['3', 'abcdef'],
    ['0', 'a'],
  ] as const) {
    const key = { 'upload-metadata': `key ${btoa(`key ${length}`)}` };
    for (const metadata of [{}, key] as Papers[]) {
      const headers = { 'upload-length': length, 'content-type': OFFSET, ...metadata };
      assert.equal((await tus('POST', { headers, body })).status, 413);
    }
  }
  assert.equal(await receiving(), before);
});

test('a key that is too long to be one is none, and no error', async () => {
  const key = Buffer.from(randomBytes(3000).toString('hex')).toString('base64');
  const path = await begun({ 'upload-length': '3', 'upload-metadata': `key ${key}` });
  assert.equal((await tus('HEAD', { path })).headers.get('upload-metadata'), `key ${key}`);
});

test('behind several proxies, each of which says how it was reached, uploads are taken', async () => {
  for (const ways of ['https, http', 'HTTPS', 'nonsense']) {
    const path = await begun({ 'upload-length': '3', 'x-forwarded-proto': ways });
    assert.equal((await tus('HEAD', { path, headers: { 'x-forwarded-proto': ways } })).status, 200);
  }
});

test('bytes whose file was taken away meanwhile are gone, in words of ours', async () => {
  const path = await begun({ 'upload-length': '3' });
  await world.exchange.blobs.remove(path.slice('/files/'.length));
  const answer = await tus('PATCH', { path, headers: bytes(0), body: 'abc' });
  assert.equal(answer.status, 410);
  assert.doesNotMatch(await answer.text(), /ENOENT|blobs/);
});

test('HEAD repeats metadata in the words of the client, and has none where none was sent', async () => {
  const words = 'zebra,filename YS5kY20=,a /wA=,is_confidential';
  const path = await begun({ 'upload-length': '3', 'upload-metadata': words });
  assert.equal((await tus('HEAD', { path })).headers.get('upload-metadata'), words);
  for (const none of [{}, { 'upload-metadata': '' }] as Papers[]) {
    const plain = await begun({ 'upload-length': '3', ...none });
    assert.equal((await tus('HEAD', { path: plain })).headers.get('upload-metadata'), null);
  }
  const joined = await begun({ 'upload-length': '3', 'upload-metadata': 'a eA==, b eQ==' });
  assert.equal((await tus('HEAD', { path: joined })).headers.get('upload-metadata'), 'a eA==,b eQ==');
});

test('a POST may mean HEAD where uploads are sent, and is answered like one', async () => {
  const path = await begun({ 'upload-length': '3' });
  const override = { 'x-http-method-override': 'HEAD' };
  const answer = await tus('POST', { path, headers: override });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('upload-offset'), '0');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const unknown = await tus('POST', { path: `/files/${'0'.repeat(32)}`, headers: override });
  assert.equal(unknown.status, 404);
  assert.equal(await unknown.text(), '', 'no body, and no promise of one');
});

test('the length may be said again with the bytes, and not changed', async () => {
  const path = await begun({ 'upload-defer-length': '1' });
  const said = (offset: number, length: number) =>
    tus('PATCH', { path, headers: bytes(offset, { 'upload-length': String(length) }), body: 'a' });
  assert.equal((await said(0, 3)).status, 204);
  assert.equal((await said(1, 3)).status, 204);
  const changed = await said(2, 4);
  assert.equal(changed.status, 400);
  assert.match(await changed.text(), /is 3 bytes already/);
  assert.equal(await offsetOf(path), '2');
});

test('the checksum that is advertised is verified: bytes that differ are 460 and not kept', async () => {
  const options = await knock('OPTIONS');
  assert.equal(options.headers.get('tus-checksum-algorithm'), 'sha1,sha256');
  assert.ok(options.headers.get('tus-extension')?.split(',').includes('checksum'));
  const path = await begun({ 'upload-length': '12' });
  for (const [at, algorithm] of ['sha1', 'sha256'].entries()) {
    const send = (of: string) =>
      tus('PATCH', { path, headers: bytes(at * 6, checksum(algorithm, of)), body: 'abcdef' });
    const differ = await send('abcdeF');
    assert.equal(differ.status, 460);
    assert.equal(differ.headers.get('tus-resumable'), '1.0.0');
    assert.equal(await offsetOf(path), String(at * 6));
    assert.equal((await send('abcdef')).status, 204);
  }
  assert.equal(await offsetOf(path), '12');
});

test('a checksum that cannot be verified is 400 before anything is created or kept', async () => {
  const path = await begun({ 'upload-length': '3' });
  const blobs = async () => (await world.exchange.db.selectFrom('blob').select('id').execute()).length;
  const before = await blobs();
  for (const words of ['md5 kAFQmDzST7DWlj99KOF/cg==', 'sha1', 'sha1 !!!', 'sha256 AAAA', '']) {
    const headers = bytes(0, { 'upload-checksum': words });
    assert.equal((await tus('PATCH', { path, headers, body: 'abc' })).status, 400, words);
    const created = { ...headers, 'upload-length': '3' };
    assert.equal((await tus('POST', { headers: created, body: 'abc' })).status, 400, words);
  }
  assert.equal(await blobs(), before);
  assert.equal(await offsetOf(path), '0');
});

test('an upload created with bytes that differ is not there', async () => {
  const key = `key ${Buffer.from('the same pack').toString('base64')}`;
  const create = (of: string) =>
    tus('POST', {
      headers: {
        'upload-length': '3',
        'content-type': OFFSET,
        'upload-metadata': key,
        ...checksum('sha1', of),
      },
      body: 'abc',
    });
  assert.equal((await create('abd')).status, 460);
  const again = await create('abc');
  assert.equal(again.status, 201, 'what was refused is in nobody’s way');
  assert.equal(again.headers.get('upload-offset'), '3');
});

test('bytes whose line breaks before their checksum could be verified are not kept', async () => {
  const path = await begun({ 'upload-length': String(4 * MIB) });
  const onDisk = () => world.exchange.blobs.size(path.split('/').at(-1) ?? '');
  const slow = new TransformStream<Uint8Array>();
  const writer = slow.writable.getWriter();
  const line = new AbortController();
  const cut = fetch(`${world.url}${path}`, {
    method: 'PATCH',
    headers: { ...papers, 'tus-resumable': '1.0.0', ...bytes(0, checksum('sha1', 'never sent')) },
    body: slow.readable,
    duplex: 'half',
    signal: line.signal,
  } as RequestInit);
  cut.catch(() => undefined);
  await writer.write(Buffer.alloc(2 * MIB));
  while ((await onDisk()) === 0) await immediate();
  line.abort();
  assert.equal(await offsetOf(path), '0');
  assert.equal(await onDisk(), 0);
});

test('who sends no headers does not keep a socket for ever', () => {
  assert.ok(world.server.http.headersTimeout > 0);
});
