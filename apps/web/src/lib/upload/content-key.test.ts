import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { packHead } from '@filmpost/media/pack.ts';
import { sealPack, unreadableFiles } from './content-key.ts';

const partsOf = (...contents: Uint8Array<ArrayBuffer>[]) => {
  const files = contents.map((bytes) => new Blob([bytes]));
  return { files, head: packHead(files.map(({ size }, i) => ({ name: `IM${i}`, size }))) };
};

test('the key of a pack is the SHA-256 of the bytes that are sent', async () => {
  const { key, body } = await sealPack(partsOf(new Uint8Array([1, 2]), new Uint8Array([3])));
  const sent = new Uint8Array(await body.arrayBuffer());
  assert.equal(key, createHash('sha256').update(sent).digest('hex'));
});

test('two discs with equal names and sizes are told apart by their content', async () => {
  const one = await sealPack(partsOf(new Uint8Array([1, 2, 3])));
  const other = await sealPack(partsOf(new Uint8Array([1, 2, 4])));
  assert.notEqual(one.key, other.key);
});

test('a file larger than a pack is known by its beginning, its end and its size, and is not read whole', async () => {
  const size = 34 * 1024 * 1024;
  const keyWith = async (at: number, length = size) => {
    const bytes = new Uint8Array(length);
    if (at >= 0) bytes[at] = 1;
    return (await sealPack(partsOf(bytes))).key;
  };
  const plain = await keyWith(-1);
  assert.equal(await keyWith(-1), plain);
  assert.notEqual(await keyWith(1_000), plain);
  assert.notEqual(await keyWith(size - 1), plain);
  assert.notEqual(await keyWith(-1, size + 1), plain);
});

test('of the files of a pack those are named that cannot be read', async () => {
  const broken = new Blob([new Uint8Array(4)]);
  broken.slice = () => {
    throw new DOMException('scratched', 'NotReadableError');
  };
  assert.deepEqual(await unreadableFiles([new Blob(['a']), broken, new Blob(['b'])]), [1]);
});
