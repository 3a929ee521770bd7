import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoPicture } from '@filmpost/imaging/rendering.ts';
import { drawn, pictureOf } from './drawn.ts';
import { bytesOf, smallImage } from './small-images.ts';

const eight = (rows: number, columns: number, numbers: number[], more = {}) =>
  smallImage(bytesOf.u8(...numbers), {
    attributes: { BitsAllocated: 8, Rows: rows, Columns: columns, ...more },
  });
const quarters = eight(2, 4, [0, 40, 80, 120, 8, 48, 88, 128]);

test('fewer pixels are the means of those they cover', async () => {
  const small = await drawn(quarters, { viewport: { width: 2, height: 2 } });
  assert.deepEqual([small.columns, small.rows, ...small.samples], [2, 1, 24, 104]);
});

test('more pixels lie between those there are', async () => {
  const large = await drawn(eight(1, 2, [0, 100]), { viewport: { width: 4, height: 9 } });
  assert.deepEqual([large.columns, large.rows], [4, 2]);
  assert.deepEqual([...large.samples], [0, 25, 75, 100, 0, 25, 75, 100]);
});

test('a picture fits into its viewport with the proportions of the body', async () => {
  const flat = { PixelSpacing: [2, 0.5] };
  const { columns, rows } = await drawn(eight(2, 4, Array(8).fill(9), flat), {
    viewport: { width: 100, height: 100 },
  });
  assert.deepEqual([columns, rows], [50, 100]);
  const unknown = eight(2, 4, Array(8).fill(9), { PixelSpacing: [0, 0] });
  const square = await drawn(unknown, { viewport: { width: 100, height: 100 } });
  assert.deepEqual([square.columns, square.rows], [100, 50]);
});

test('a region is cut out, and turned round by a negative width or height', async () => {
  const region = { x: 1, y: 0, width: 2, height: 2 };
  assert.deepEqual([...(await drawn(quarters, { region })).samples], [40, 80, 48, 88]);
  const turned = { x: 1, y: 0, width: -2, height: -2 };
  assert.deepEqual([...(await drawn(quarters, { region: turned })).samples], [88, 48, 80, 40]);
  const outside = { x: 4, y: 0, width: 2, height: 2 };
  await assert.rejects(drawn(quarters, { region: outside }), NoPicture);
});

test('a JPEG has the size asked for, and more bytes for more quality', async () => {
  const numbers = Array.from({ length: 64 * 64 }, (_, at) => (at * 7919) % 251);
  const noise = eight(64, 64, numbers);
  const jpeg = (quality: number) => pictureOf(noise, { type: 'image/jpeg', quality });
  const [poor, good] = [await jpeg(10), await jpeg(95)];
  assert.deepEqual([...poor.bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  assert.deepEqual([poor.columns, poor.rows], [64, 64]);
  assert.ok(good.bytes.length > poor.bytes.length * 2, `${good.bytes.length} and ${poor.bytes.length} bytes`);
});
