import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampled } from './decode-frame.ts';
import type { Look } from './look.ts';
import { rgbaOf, sizeWithin } from './shrink.ts';

const look = (traits: Partial<Look> = {}): Look => ({
  rows: 2,
  columns: 2,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  signed: false,
  planar: false,
  colour: 'grey',
  inverted: false,
  slope: 1,
  intercept: 0,
  window: null,
  ...traits,
});
const sixteen = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const whole = { width: 2, height: 2 };
const greys = (bytes: Uint8Array, traits: Partial<Look>) => {
  const { data } = { data: rgbaOf(sampled(bytes, look(traits)), look(traits), whole) };
  return [0, 4, 8, 12].map((at) => data[at]);
};

test('a picture keeps its shape, and is never made larger', () => {
  assert.deepEqual(sizeWithin(512, 256, 160), { width: 160, height: 80 });
  assert.deepEqual(sizeWithin(1, 4000, 160), { width: 1, height: 160 });
  assert.deepEqual(sizeWithin(64, 64, 160), { width: 64, height: 64 });
});

test('the window is that of the file, in its own units', () => {
  const window = { centre: 0, width: 1000 };
  const bytes = sixteen(524, 1024, 1524, 3000);
  assert.deepEqual(greys(bytes, { window, intercept: -1024 }), [0, 128, 255, 255]);
  assert.deepEqual(greys(bytes, { window, intercept: -1024, inverted: true }), [255, 128, 0, 0]);
});

test('without a window the picture spans its own darkness and brightness', () => {
  assert.deepEqual(greys(sixteen(100, 100, 300, 300), {}), [0, 0, 255, 255]);
  assert.deepEqual(greys(sixteen(7, 7, 7, 7), {}), [0, 0, 0, 0]);
});

test('signs are kept, what lies above the stored bits is dropped, and bytes may come the other way round', () => {
  assert.deepEqual(
    [...Array.from(sampled(sixteen(0xffff, 1, 0, 0), look({ signed: true })).samples)].slice(0, 2),
    [-1, 1],
  );
  const twelve = look({ bitsStored: 12, signed: true });
  assert.deepEqual(Array.from(sampled(sixteen(0x0fff, 0xf001), twelve).samples), [-1, 1]);
  const swapped = { ...look(), bigEndian: true };
  assert.deepEqual(Array.from(sampled(new Uint8Array([1, 2]), swapped).samples), [0x0102]);
});

test('colours are the same, their samples together or in planes', () => {
  const colour: Partial<Look> = { rows: 1, columns: 1, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8 };
  const pixel = (bytes: number[], traits: Partial<Look>) => {
    const form = look({ ...colour, ...traits });
    return [...rgbaOf(sampled(new Uint8Array(bytes), form), form, { width: 1, height: 1 })];
  };
  assert.deepEqual(pixel([10, 20, 30], { colour: 'RGB' }), [10, 20, 30, 255]);
  assert.deepEqual(pixel([10, 20, 30], { colour: 'RGB', planar: true }), [10, 20, 30, 255]);
  assert.deepEqual(pixel([76, 85, 255], { colour: 'YBR' }), [254, 0, 0, 255]);
});

test('a large picture is made small by averaging', () => {
  const form = look({
    rows: 8,
    columns: 8,
    bitsAllocated: 8,
    bitsStored: 8,
    window: { centre: 128, width: 256 },
  });
  const stripes = new Uint8Array(64).map((_, at) => (at % 2 === 0 ? 0 : 200));
  const [first] = rgbaOf(sampled(stripes, form), form, { width: 2, height: 2 });
  assert.ok(first !== undefined && Math.abs(first - 100) <= 1, String(first));
});
