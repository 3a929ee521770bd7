import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transferSyntaxes } from '@filmpost/tests/world/dicom/part10.ts';
import { drawn } from './drawn.ts';
import { type SmallImage, bytesOf, element, smallImage } from './small-images.ts';

const { u8, u16 } = bytesOf;
const colour = { SamplesPerPixel: 3, BitsAllocated: 8, PlanarConfiguration: 0 };
const rgb = { ...colour, PhotometricInterpretation: 'RGB' };

async function pixels(bytes: Uint8Array, image: SmallImage): Promise<number[][]> {
  const { channels, samples, columns } = await drawn(smallImage(bytes, image));
  assert.equal(channels, 3);
  return Array.from({ length: columns }, (_, at) => [...samples.subarray(at * 3, at * 3 + 3)]);
}

test('RGB is shown as it is, its samples side by side or in planes', async () => {
  const together = await pixels(u8(1, 2, 3, 250, 251, 252), { attributes: rgb });
  assert.deepEqual(together, [
    [1, 2, 3],
    [250, 251, 252],
  ]);
  const planes = { ...rgb, PlanarConfiguration: 1 };
  assert.deepEqual(await pixels(u8(1, 250, 2, 251, 3, 252), { attributes: planes }), together);
});

test('RGB of sixteen bits keeps its upper ones', async () => {
  const attributes = { ...rgb, BitsAllocated: 16 };
  assert.deepEqual(await pixels(u16(0, 0x8080, 0xffff), { attributes }), [[0, 128, 255]]);
});

test('YBR_FULL becomes the colours of PS3.3 C.7.6.3.1.2', async () => {
  const attributes = { ...colour, PhotometricInterpretation: 'YBR_FULL' };
  assert.deepEqual(await pixels(u8(76, 85, 255, 150, 44, 21, 128, 128, 128), { attributes }), [
    [254, 0, 0],
    [0, 255, 1],
    [128, 128, 128],
  ]);
});

test('native YBR_FULL_422 gives two pixels one colour', async () => {
  const attributes = { ...colour, PhotometricInterpretation: 'YBR_FULL_422', Columns: 4 };
  assert.deepEqual(await pixels(u8(100, 200, 128, 128, 76, 76, 85, 255), { attributes }), [
    [100, 100, 100],
    [200, 200, 200],
    [254, 0, 0],
    [254, 0, 0],
  ]);
});

const palette = (entries: Uint8Array, descriptor: Uint8Array) =>
  [1, 2, 3].flatMap((channel) => [
    element(0x00281100 + channel, 'US', descriptor),
    element(0x00281200 + channel, 'OW', channel === 1 ? entries : new Uint8Array(entries.length)),
  ]);
const indexed = { PhotometricInterpretation: 'PALETTE COLOR', BitsAllocated: 8 };

test('palettes of sixteen and of eight bits are looked up, beyond their ends too', async () => {
  const red = [[0x10], [0x10], [0x80], [0xff], [0xff]].map(([value]) => [value, 0, 0]);
  const sixteen = palette(u16(0x1000, 0x8000, 0xffff), u16(3, 5, 16));
  assert.deepEqual(await pixels(u8(0, 5, 6, 7, 8), { attributes: indexed, extra: sixteen }), red);
  const eight = palette(u8(0x10, 0x80, 0xff, 0), u16(3, 5, 8));
  assert.deepEqual(await pixels(u8(0, 5, 6, 7, 8), { attributes: indexed, extra: eight }), red);
});

test('segmented palettes are expanded: discrete, linear and repeated', async () => {
  // Two entries as they are, two more up to 0x4000, and the first segment again.
  const segments = u16(0, 2, 0, 0x1000, 1, 2, 0x4000, 2, 1, 0, 0);
  const extra = [1, 2, 3].flatMap((channel) => [
    element(0x00281100 + channel, 'US', u16(6, 0, 16)),
    element(0x00281220 + channel, 'OW', segments),
  ]);
  const greys = await pixels(u8(0, 1, 2, 3, 4, 5), { attributes: indexed, extra });
  assert.deepEqual(
    greys.map(([red]) => red),
    [0, 0x10, 0x28, 0x40, 0, 0x10],
  );
});

test('RLE colour comes in one plane for each byte of each sample', async () => {
  const plane = (...bytes: number[]) => u8(bytes.length - 1, ...bytes, ...(bytes.length % 2 ? [] : [128]));
  const planes = [plane(1, 250), plane(2, 251), plane(3, 252)];
  const header = Buffer.alloc(64);
  header.writeUInt32LE(3, 0);
  planes.forEach((each, at) => header.writeUInt32LE(64 + at * each.length, 4 + at * 4));
  const image = {
    attributes: rgb,
    transferSyntaxUid: transferSyntaxes.rleLossless,
    fragments: [Buffer.concat([header, ...planes])],
  };
  assert.deepEqual(await pixels(u8(0, 0, 0, 0, 0, 0), image), [
    [1, 2, 3],
    [250, 251, 252],
  ]);
});
