import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { PictureCache } from './picture-cache.ts';

const key = (number: number) => number.toString(16).padStart(64, '0');
const bytes = (size: number) => new Uint8Array(size).fill(7);

function aFolder(): { folder: string } & Disposable {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-pictures-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

test('what was put is got, by this process and by others', async () => {
  using at = aFolder();
  const cache = new PictureCache(at.folder, 1000);
  assert.equal(await cache.get(key(1)), null);
  await cache.put(key(1), bytes(5));
  assert.deepEqual(new Uint8Array((await cache.get(key(1)))!), bytes(5));
  assert.equal((await new PictureCache(at.folder, 1000).get(key(1)))?.length, 5);
});

test('beyond its bound the folder loses what was of no use for the longest', async () => {
  using at = aFolder();
  const cache = new PictureCache(at.folder, 1000);
  const hour = 3600;
  const now = Date.now() / 1000;
  for (const number of [1, 2, 3]) {
    await cache.put(key(number), bytes(300));
    const then = now - (10 - number) * hour;
    utimesSync(path.join(at.folder, '00', key(number)), then, then);
  }
  await cache.get(key(1));
  await cache.put(key(4), bytes(300));
  assert.deepEqual(files(at.folder), [key(1), key(4)]);
});

test('what another process left counts too', async () => {
  using at = aFolder();
  const before = new PictureCache(at.folder, 10_000);
  for (const number of [1, 2, 3]) await before.put(key(number), bytes(400));
  await new PictureCache(at.folder, 1000).put(key(4), bytes(100));
  assert.ok(files(at.folder).length < 4, files(at.folder).join());
});

test('what is too old for the asker is not there', async () => {
  using at = aFolder();
  const cache = new PictureCache(at.folder, 1000);
  await cache.put(key(1), bytes(5));
  const then = Date.now() / 1000 - 60;
  utimesSync(path.join(at.folder, '00', key(1)), then, then);
  assert.equal((await cache.get(key(1), { maxAgeMs: 120_000 }))?.length, 5);
  assert.equal(await cache.get(key(1), { maxAgeMs: 30_000 }), null);
});
