import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { prepareViewer } from './prepare.ts';

let folder: string;
let outputDirectory: string;
const seen: { done: number; total: number }[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'filmpost-viewer-'));
  outputDirectory = join(folder, 'viewer');
  await prepareViewer({ outputDirectory, onProgress: (files) => seen.push(files) });
});
after(() => rm(folder, { recursive: true, force: true }));

const allFiles = async () => (await readdir(outputDirectory, { recursive: true })).map(String);

test('every file of the release is addressed below the release folder', async () => {
  const page = await readFile(join(outputDirectory, 'index.html'), 'utf8');
  const [, release] = /href="\/ohif\/([0-9a-f]{12})\/app\.bundle\.css"/.exec(page) ?? [];
  assert.ok(release);
  const [bundle] = (await readdir(join(outputDirectory, release))).filter((name) =>
    /^app\.bundle\..*\.js$/.test(name),
  );
  assert.match(page, new RegExp(`src="/ohif/${release}/${bundle?.replaceAll('.', '\\.')}"`));
  assert.match(
    await readFile(join(outputDirectory, release, bundle ?? ''), 'utf8'),
    new RegExp(`"/ohif/${release}/"`),
  );
});

test('no service worker, foreign sign-in, source map or model is served', async () => {
  const unwanted =
    /(^|\/)(sw|init-service-worker|google|oidc-client\.min)\.js|\.map$|(^|\/)(ort|customizations)\//;
  assert.deepEqual(
    (await allFiles()).filter((path) => unwanted.test(path)),
    [],
  );
});

test('what the page runs holds no inline script, so that its policy needs no exception', async () => {
  const page = await readFile(join(outputDirectory, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)/);
});

test('the licence of the viewer goes with it', async () => {
  const [licence] = (await allFiles()).filter((path) => path.endsWith('/LICENSE.txt'));
  assert.match(await readFile(join(outputDirectory, licence ?? ''), 'utf8'), /MIT License/);
});

test('progress counts to the end', () => {
  assert.ok(seen.length > 50);
  assert.deepEqual(seen.at(-1), { done: seen.length, total: seen.length });
});

test('a second call finds the work done and touches nothing', async () => {
  const before = await stat(join(outputDirectory, 'index.html'));
  await prepareViewer({ outputDirectory, onProgress: () => assert.fail('built again') });
  assert.equal((await stat(join(outputDirectory, 'index.html'))).mtimeMs, before.mtimeMs);
});

test('nothing is left beside the finished folder', async () => {
  assert.deepEqual(await readdir(folder), ['viewer']);
});
