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

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function sealed(...files: PartOfPack[]) {
  const result = await sealPack({ files }, new ByteSources());
  assert.ok(result.kind === 'sealed', 'the files can be read');
  return result;
}

test('each file of a pack is known by its SHA-256, and what was hashed is what is sent', async () => {
  const files = [new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])];
  const { digests, body } = await sealed(...files.map(plainly));
  assert.deepEqual(digests, files.map(digest));
  assert.deepEqual(new Uint8Array((await body?.arrayBuffer()) ?? []), new Uint8Array([1, 2, 3]));
});

test('a file that lies deflated in an archive is known as the file itself', async () => {
  const bytes = new Uint8Array(5000).map((_, i) => i % 251);
  assert.deepEqual((await sealed(deflated(bytes))).digests, [digest(bytes)]);
});

test('a file too large to be held is known by the whole of its content, and stays on the disc', async () => {
  const bytes = new Uint8Array(34 * 1024 * 1024).map((_, i) => (i >> 7) & 0xff);
  const { digests, body } = await sealed(plainly(bytes));
  assert.deepEqual(digests, [digest(bytes)]);
  assert.equal(body?.size, bytes.length);
});

test('a large file that lies deflated is known the same way and is given piece by piece', async () => {
  const bytes = new Uint8Array(34 * 1024 * 1024).map((_, i) => (i >> 7) & 0xff);
  const packed = deflated(bytes);
  const { digests, body } = await sealed(packed);
  assert.equal(body, null);
  assert.deepEqual(digests, [digest(bytes)]);
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

test('browsers that do not hash give the same digests by other means', async (t) => {
  const bytes = new Uint8Array([1, 2, 3]);
  t.mock.getter(globalThis.crypto, 'subtle', () => undefined as never);
  assert.deepEqual((await sealed(plainly(bytes))).digests, [digest(bytes)]);
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
