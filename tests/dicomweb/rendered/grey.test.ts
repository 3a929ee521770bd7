import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transferSyntaxes } from '@filmpost/tests/world/dicom/part10.ts';
import { rleFrame } from '@filmpost/tests/world/dicom/rle.ts';
import { drawn } from './drawn.ts';
import { type SmallImage, bytesOf, element, sequence, smallImage } from './small-images.ts';

const { u8, u16, i16, u32, f32 } = bytesOf;

async function shades(pixels: Uint8Array, image: SmallImage = {}, style = {}): Promise<number[]> {
  const { channels, samples } = await drawn(smallImage(pixels, image), style);
  assert.equal(channels, 1);
  return [...samples];
}

const twelve = { BitsStored: 12, WindowCenter: 2048, WindowWidth: 4096 };

test('a linear window is that of PS3.3 C.11.2.1.2', async () => {
  assert.deepEqual(await shades(u16(0, 1024, 2048, 4095), { attributes: twelve }), [0, 64, 128, 255]);
  // Width 1 is a threshold at center - 0.5.
  const threshold = { WindowCenter: 5, WindowWidth: 1 };
  assert.deepEqual(await shades(u16(3, 4, 5, 6), { attributes: threshold }), [0, 0, 255, 255]);
});

test('a window asked for counts before that of the image, and in values after rescale', async () => {
  const attributes = { RescaleSlope: 2, RescaleIntercept: -1000, WindowCenter: 1, WindowWidth: 2 };
  const window = { center: 0, width: 200, shape: 'linear-exact' as const };
  const pixels = u16(450, 475, 500, 550, 600);
  assert.deepEqual(await shades(pixels, { attributes }, { window }), [0, 64, 128, 255, 255]);
});

test('the sigmoid is that of PS3.3 C.11.2.1.3.1', async () => {
  const window = { center: 100, width: 40, shape: 'sigmoid' as const };
  assert.deepEqual(await shades(u16(0, 90, 100, 110, 200), {}, { window }), [0, 69, 128, 186, 255]);
});

test('signed pixels keep their sign through rescale and window', async () => {
  const attributes = {
    PixelRepresentation: 1,
    RescaleSlope: 1,
    RescaleIntercept: 0,
    WindowCenter: 0.5,
    WindowWidth: 256,
  };
  assert.deepEqual(await shades(i16(-200, -127, 0, 128, 300), { attributes }), [0, 1, 128, 255, 255]);
});

test('MONOCHROME1 is shown inverted', async () => {
  const attributes = { ...twelve, PhotometricInterpretation: 'MONOCHROME1' };
  assert.deepEqual(await shades(u16(0, 1024, 4095), { attributes }), [255, 191, 0]);
});

test('bits outside those that are stored are no part of the pixel', async () => {
  assert.deepEqual(await shades(u16(0xf000, 0x8800, 0x1fff), { attributes: twelve }), [0, 128, 255]);
  const attributes = { ...twelve, HighBit: 15 };
  assert.deepEqual(await shades(u16(0x000f, 0x800a, 0xffff), { attributes }), [0, 128, 255]);
  const signed = { BitsStored: 12, PixelRepresentation: 1, WindowCenter: 0.5, WindowWidth: 4096 };
  assert.deepEqual(await shades(u16(0x0800, 0x0000, 0x07ff), { attributes: signed }), [0, 128, 255]);
});

test('without a window eight bits are shown as they are, more of them from darkest to brightest', async () => {
  assert.deepEqual(await shades(u8(10, 20, 30, 40), { attributes: { BitsAllocated: 8 } }), [10, 20, 30, 40]);
  assert.deepEqual(await shades(u16(1000, 1050, 1100, 1200)), [0, 64, 128, 255]);
  assert.deepEqual(await shades(u16(7, 7, 7, 7)), [0, 0, 0, 0]);
});

test('padding is no part of the range from darkest to brightest', async () => {
  const attributes = { PixelRepresentation: 1, PixelPaddingValue: -2000 };
  assert.deepEqual(await shades(i16(-2000, 0, 50, 100), { attributes }), [0, 0, 128, 255]);
});

test('a zero window is none', async () => {
  const attributes = { WindowCenter: 0, WindowWidth: 0 };
  assert.deepEqual(await shades(u16(1000, 1050, 1100, 1200), { attributes }), [0, 64, 128, 255]);
});

test('lookup tables stand for rescale and for windows', async () => {
  const table = (first: number, entries: Uint8Array) => [
    element(0x00283002, 'US', u16(entries.length / 2, first, 16)),
    element(0x00283006, 'OW', entries),
  ];
  const modality = sequence(0x00283000, [table(2, u16(0, 4096, 65535))]);
  const window = { center: 32768, width: 65536, shape: 'linear-exact' as const };
  assert.deepEqual(await shades(u16(0, 2, 3, 4, 9), { extra: [modality] }, { window }), [0, 0, 16, 255, 255]);
  const voi = sequence(0x00283010, [table(10, u16(65535, 32768, 0))]);
  assert.deepEqual(await shades(u16(9, 10, 11, 12, 13), { extra: [voi] }), [255, 255, 128, 0, 0]);
});

test('a frame of an enhanced image has its own rescale and window, or those all share', async () => {
  const voi = (center: string, width: string) =>
    sequence(0x00289132, [[element(0x00281050, 'DS', center), element(0x00281051, 'DS', width)]]);
  const rescale = sequence(0x00289145, [[element(0x00281052, 'DS', '-10'), element(0x00281053, 'DS', '1')]]);
  const extra = [
    sequence(0x52009229, [[rescale, voi('0.5', '2')]]),
    sequence(0x52009230, [[], [voi('10.5', '21')]]),
  ];
  const file = smallImage(u16(0, 9, 10, 11, 10, 20, 30, 20), {
    extra,
    attributes: { Columns: 4, NumberOfFrames: 2 },
  });
  assert.deepEqual([...(await drawn(file)).samples], [0, 0, 128, 255]);
  assert.deepEqual([...(await drawn(file, { frameNumber: 2 })).samples], [0, 128, 255, 128]);
});

test('one-bit frames are taken bit by bit, wherever in a byte they begin', async () => {
  const attributes = { BitsAllocated: 1, Columns: 3, NumberOfFrames: 3 };
  // 101 011 110: the first pixel in the lowest bit.
  const file = smallImage(u8(0b11110101, 0b0, 0, 0), { attributes });
  assert.deepEqual([...(await drawn(file)).samples], [255, 0, 255]);
  assert.deepEqual([...(await drawn(file, { frameNumber: 2 })).samples], [0, 255, 255]);
  assert.deepEqual([...(await drawn(file, { frameNumber: 3 })).samples], [255, 255, 0]);
});

test('pixels of 32 bits and of floating point are shown', async () => {
  assert.deepEqual(
    await shades(u32(0, 2 ** 30, 2 ** 32 - 1), { attributes: { BitsAllocated: 32 } }),
    [0, 64, 255],
  );
  const float = {
    ...{ attributes: { BitsAllocated: 32, PixelData: undefined } },
    extra: [element(0x7fe00008, 'OF', f32(-1, Number.NaN, 0, 1))],
  };
  assert.deepEqual(await shades(f32(0, 0, 0, 0), float), [0, 0, 128, 255]);
});

test('big endian files give the same picture', async () => {
  const big = { attributes: twelve, transferSyntaxUid: transferSyntaxes.explicitVrBigEndian };
  assert.deepEqual(await shades(u16(0, 1024, 2048, 4095), big), [0, 64, 128, 255]);
});

test('deflated files give the same picture', async () => {
  const deflated = { attributes: twelve, transferSyntaxUid: transferSyntaxes.deflatedExplicitVrLittleEndian };
  assert.deepEqual(await shades(u16(0, 1024, 2048, 4095), deflated), [0, 64, 128, 255]);
});

test('RLE of sixteen bits has the high bytes first', async () => {
  const pixels = u16(0, 1024, 2048, 4095);
  const rle = {
    attributes: twelve,
    transferSyntaxUid: transferSyntaxes.rleLossless,
    fragments: [rleFrame(pixels, 2, 4)],
  };
  assert.deepEqual(await shades(pixels, rle), [0, 64, 128, 255]);
});
