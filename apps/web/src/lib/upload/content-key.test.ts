import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { packHead } from '@filmpost/media/pack.ts';
import { type PackParts, type PartOfPack, pieceOf, sealPack, sizeOf } from './content-key.ts';
import { ByteSources } from './disc/byte-sources.ts';

const partsOf = (files: PartOfPack[]): PackParts => ({
  files,
  head: packHead(files.map(({ size }, i) => ({ name: `IM${i}`, size }))),
});
const plainly = (bytes: Uint8Array<ArrayBuffer>): PartOfPack => ({
  bytes: new Blob([bytes]),
  size: bytes.length,
  crc32: null,
});
const deflated = (bytes: Uint8Array): PartOfPack => ({
  bytes: { kind: 'inflated', packed: new Blob([deflateRawSync(bytes)]), size: bytes.length, id: 1 },
  size: bytes.length,
  crc32: crc32(bytes),
});
const unreadable = (size: number): PartOfPack => {
  const broken = new Blob([new Uint8Array(size)]);
  broken.slice = () => {
    throw new DOMException('scratched', 'NotReadableError');
  };
  broken.stream = broken.slice as never;
  return {
    bytes: { kind: 'stretches', of: broken, extents: [{ offset: 0, length: size }], size },
    size,
    crc32: null,
  };
};

async function sealed(...files: PartOfPack[]) {
  const result = await sealPack(partsOf(files), new ByteSources());
  assert.equal(result.kind, 'sealed');
  assert.ok(result.kind === 'sealed');
  return result;
}
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('the key of a pack is the SHA-256 of the bytes that are sent', async () => {
  const { key, body } = await sealed(plainly(new Uint8Array([1, 2])), plainly(new Uint8Array([3])));
  const sent = new Uint8Array((await body?.arrayBuffer()) ?? []);
  assert.equal(key, digest(sent));
});

test('a file that lies deflated in an archive gives the same pack as the file itself', async () => {
  const bytes = new Uint8Array(5000).map((_, i) => i % 251);
  assert.equal((await sealed(deflated(bytes))).key, (await sealed(plainly(bytes))).key);
});

test('two discs with equal names and sizes are told apart by their content', async () => {
  const one = await sealed(plainly(new Uint8Array([1, 2, 3])));
  const other = await sealed(plainly(new Uint8Array([1, 2, 4])));
  assert.notEqual(one.key, other.key);
});

test('a file larger than a pack is known by its beginning, its end and its size, and is not read whole', async () => {
  const size = 34 * 1024 * 1024;
  const keyWith = async (at: number, length = size) => {
    const bytes = new Uint8Array(length);
    if (at >= 0) bytes[at] = 1;
    return (await sealed(plainly(bytes))).key;
  };
  const plain = await keyWith(-1);
  assert.equal(await keyWith(-1), plain);
  assert.notEqual(await keyWith(1_000), plain);
  assert.notEqual(await keyWith(size - 1), plain);
  assert.notEqual(await keyWith(-1, size + 1), plain);
});

test('a large file that lies deflated has the same key and is given piece by piece', async () => {
  const bytes = new Uint8Array(34 * 1024 * 1024).map((_, i) => (i >> 7) & 0xff);
  const packed = deflated(bytes);
  const { key, body } = await sealed(packed);
  assert.equal(body, null);
  assert.equal(key, (await sealed(plainly(bytes))).key);
  const parts = partsOf([packed]);
  const sources = new ByteSources();
  const hash = createHash('sha256');
  const step = 10_000_000;
  for (let start = 0; start < sizeOf(parts); start += step) {
    const piece = await pieceOf(parts, { start, end: Math.min(start + step, sizeOf(parts)) }, sources);
    hash.update(new Uint8Array(await piece.arrayBuffer()));
  }
  assert.equal(hash.digest('hex'), digest(Buffer.concat([parts.head, bytes])));
});

test('of the files of a pack those are named that cannot be read, and those that are not what was promised', async () => {
  const wrong = { ...deflated(new Uint8Array([1, 2, 3])), crc32: 7 };
  const parts = partsOf([
    plainly(new Uint8Array(1)),
    unreadable(4),
    wrong,
    { ...plainly(new Uint8Array(3)), crc32: 9 },
  ]);
  assert.deepEqual(await sealPack(parts, new ByteSources()), {
    kind: 'failed',
    unreadable: [1],
    damaged: [2, 3],
  });
});
