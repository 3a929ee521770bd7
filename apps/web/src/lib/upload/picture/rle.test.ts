import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rleFrame } from '@filmpost/tests/world/dicom/rle.ts';
import type { Look } from './look.ts';
import { BrokenRle, unpackRle } from './rle.ts';

const look: Look = {
  rows: 5,
  columns: 20,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  planar: false,
  colour: 'grey',
  inverted: false,
  slope: 1,
  intercept: 0,
  window: null,
};
const plain = Uint8Array.from({ length: 200 }, (_, at) => (at < 90 ? at : 7));

test('a frame in RLE comes out as it went in', () => {
  assert.deepEqual(unpackRle(rleFrame(plain, 2, look.columns), look), plain);
  const eight: Look = { ...look, bitsAllocated: 8, rows: 10 };
  assert.deepEqual(unpackRle(rleFrame(plain, 1, look.columns), eight), plain);
});

test('a frame that ends early or has other segments than its picture is damaged', () => {
  const frame = rleFrame(plain, 2, look.columns);
  assert.throws(() => unpackRle(frame.subarray(0, frame.length - 12), look), BrokenRle);
  assert.throws(() => unpackRle(frame, { ...look, samplesPerPixel: 3 }), BrokenRle);
  assert.throws(() => unpackRle(new Uint8Array(10), look), BrokenRle);
});
