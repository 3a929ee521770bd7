import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { viewerResponse } from './serve.ts';
import { preparedViewer } from './testing/prepared-viewer.ts';

let directory: string;
let release: string;
let names: string[];

before(async () => {
  directory = await preparedViewer();
  release = (await readdir(directory)).find((name) => /^[0-9a-f]{12}$/.test(name)) ?? '';
  names = await readdir(join(directory, release));
});

const ask = (path: string, init?: RequestInit) =>
  viewerResponse(new Request(`http://host${path}`, init), directory);
const fileNamed = (pattern: RegExp) => `/ohif/${release}/${names.find((name) => pattern.test(name))}`;

test('every route of the viewer gets its page, which is asked for again each time', async () => {
  for (const path of ['/ohif', '/ohif/', '/ohif/viewer?StudyInstanceUIDs=1.2.3', '/ohif/notfoundstudy']) {
    const response = await ask(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.match(await response.text(), /<div id="root">/);
  }
});

test('a missing file with an extension is not found instead of the page', async () => {
  for (const path of ['/ohif/none.js', `/ohif/${release}/none.wasm`, '/ohif/000000000000/app.bundle.css']) {
    assert.equal((await ask(path)).status, 404, path);
  }
});

test('nothing outside the folder, hidden in it or elsewhere can be had', async () => {
  const paths = [
    '/ohif/..%2f..%2f..%2fetc%2fpasswd',
    '/ohif/%2e%2e%2f.release',
    '/ohif/..%5c..%5cpackage.json',
    '/ohif/.release',
    `/ohif/${release}/../../../package.json`,
    '/ohif/index.js%00.html',
    '/ohif/%E0%A4%A.js',
    '/ohif/index.html.br',
    '/ohifx/index.html',
    '/elsewhere/index.html',
  ];
  for (const path of paths) assert.equal((await ask(path)).status, 404, path);
});

test('only GET and HEAD are answered', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await ask('/ohif/viewer', { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
  }
});

test('HEAD says the same as GET without the body', async () => {
  const path = fileNamed(/^app\.bundle\..*\.js$/);
  const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
  assert.deepEqual(Object.fromEntries(head.headers), Object.fromEntries(get.headers));
  assert.equal(head.body, null);
  assert.equal((await get.arrayBuffer()).byteLength, Number(head.headers.get('content-length')));
});

test('brotli goes to those who take it and holds the same bytes', async () => {
  const path = fileNamed(/^app\.bundle\.css$/);
  const plain = Buffer.from(await (await ask(path)).arrayBuffer());
  const packed = await ask(path, { headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(packed.headers.get('content-encoding'), 'br');
  assert.equal(packed.headers.get('vary'), 'accept-encoding');
  const bytes = Buffer.from(await packed.arrayBuffer());
  assert.equal(bytes.length, Number(packed.headers.get('content-length')));
  assert.deepEqual(brotliDecompressSync(bytes), plain);
  const refused = await ask(path, { headers: { 'accept-encoding': 'gzip, br;q=0' } });
  assert.equal(refused.headers.get('content-encoding'), null);
});

test('files of a release may be kept for ever, and WebAssembly is called by its name', async () => {
  const response = await ask(fileNamed(/\.wasm$/));
  assert.equal(response.headers.get('content-type'), 'application/wasm');
  assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  await response.body?.cancel();
});

test('our configuration goes out as it is', async () => {
  const sent = await ask(fileNamed(/^app-config\.js$/));
  assert.equal(await sent.text(), await readFile(new URL('app-config.js', import.meta.url), 'utf8'));
});

test('an unchanged page is not sent again', async () => {
  const first = await ask('/ohif/viewer');
  const etag = first.headers.get('etag') ?? '';
  const again = await ask('/ohif/viewer', { headers: { 'if-none-match': `"other", W/${etag}` } });
  assert.equal(again.status, 304);
  assert.equal(again.body, null);
  assert.equal((await ask('/ohif/viewer', { headers: { 'if-none-match': '"other"' } })).status, 200);
});

test('every answer keeps others from sniffing, framing and reading it', async () => {
  for (const path of ['/ohif/viewer', fileNamed(/^page\.js$/), '/ohif/none.js']) {
    const { headers } = await ask(path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN');
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors/);
  }
});

test('only workers, and the page of an exam with segmentations, may compile code at run time', async () => {
  const policyOf = async (path: string) =>
    (await ask(path, { method: 'HEAD' })).headers.get('content-security-policy');
  assert.match((await policyOf('/ohif/viewer')) ?? '', /script-src 'self';/);
  const withSegmentations = await policyOf('/ohif/viewer?StudyInstanceUIDs=1.2&segmentations=yes');
  assert.match(withSegmentations ?? '', /script-src 'self' 'unsafe-eval';/);
  assert.match((await policyOf(fileNamed(/^8097\.bundle\./))) ?? '', /'unsafe-eval'/);
  assert.doesNotMatch((await policyOf(fileNamed(/^app\.bundle\..*\.js$/))) ?? '', /unsafe/);
});
