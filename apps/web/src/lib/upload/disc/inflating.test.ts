import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import { ByteSources, blobOf, blobSource } from './byte-sources.ts';
import { InflatedSource, NotAsPromised } from './inflating.ts';

const plain = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919 + (i >> 8)) & 0xff));
const packed = deflateRawSync(plain);

function counted(bytes: Uint8Array): ByteSource & { read: ByteSource['read']; bytesRead: number } {
  const source = {
    size: bytes.length,
    bytesRead: 0,
    read: async (offset: number, length: number) => {
      const piece = new Uint8Array(bytes.subarray(offset, offset + length));
      source.bytesRead += piece.length;
      return piece;
    },
  };
  return source;
}

test('inflated bytes can be read anywhere, forwards and back', async () => {
  const source = new InflatedSource(counted(packed), plain.length);
  for (const at of [0, 1_000_000, 2_999_990, 5, 70_000]) {
    assert.deepEqual(Buffer.from(await source.read(at, 10)), plain.subarray(at, at + 10));
  }
  assert.deepEqual(Buffer.from(await source.read(2_999_999, 10)), plain.subarray(2_999_999));
  assert.equal((await source.read(3_000_000, 10)).length, 0);
});

test('reads asked for at the same time do not disturb each other', async () => {
  const source = new InflatedSource(counted(packed), plain.length);
  const places = [500_000, 10, 2_000_000, 400];
  const read = await Promise.all(places.map((at) => source.read(at, 1000)));
  read.forEach((bytes, i) =>
    assert.deepEqual(Buffer.from(bytes), plain.subarray(places[i], (places[i] ?? 0) + 1000)),
  );
});

test('reading on goes on where it stopped, and a beginning costs a beginning', async () => {
  const side = counted(packed);
  const source = new InflatedSource(side, plain.length);
  await source.read(0, 1000);
  assert.ok(side.bytesRead <= packed.length / 2 + 512 * 1024, `${side.bytesRead} of ${packed.length}`);
  for (let at = 0; at < plain.length; at += 500_000) await source.read(at, 500_000);
  assert.ok(side.bytesRead < packed.length * 2.1, 'inflated about once');
});

test('an archive that promises another size than it holds is found out', async () => {
  await assert.rejects(
    new InflatedSource(counted(packed), plain.length - 1).read(0, plain.length),
    NotAsPromised,
  );
  await assert.rejects(
    new InflatedSource(counted(packed), plain.length + 1).read(0, plain.length + 1),
    NotAsPromised,
  );
  const short = counted(packed.subarray(0, packed.length - 100));
  await assert.rejects(new InflatedSource(short, plain.length).read(plain.length - 10, 10), NotAsPromised);
});

test('a disc that cannot be read is no broken archive', async () => {
  const scratched: ByteSource = {
    size: packed.length,
    read: () => Promise.reject(new DOMException('scratched')),
  };
  await assert.rejects(new InflatedSource(scratched, plain.length).read(0, 10), { message: 'scratched' });
});

test('stretches of a file are a file again, without reading it', async () => {
  const whole = new Blob(['0123456789']);
  const extents = [
    { offset: 2, length: 3 },
    { offset: 8, length: 2 },
  ];
  const blob = blobOf({ kind: 'stretches', of: whole, extents, size: 5 });
  assert.equal(await blob?.text(), '23489');
});

test('stretches of something deflated are read through the inflater', async () => {
  const of = { kind: 'inflated', packed: new Blob([packed]), size: plain.length, id: 1 } as const;
  const extents = [
    { offset: 100, length: 50 },
    { offset: 20, length: 30 },
  ];
  const source = new ByteSources().open({ kind: 'stretches', of, extents, size: 80 });
  const expected = Buffer.concat([plain.subarray(100, 150), plain.subarray(20, 50)]);
  assert.deepEqual(Buffer.from(await source.read(0, 100)), expected);
  assert.deepEqual(Buffer.from(await source.read(45, 10)), expected.subarray(45, 55));
  assert.deepEqual(Buffer.from(await blobSource(new Blob(['abc'])).read(1, 5)), Buffer.from('bc'));
});
