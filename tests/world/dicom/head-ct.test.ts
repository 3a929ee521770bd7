import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headCt } from './head-ct.ts';

const small = { slices: 12, rows: 128 };
const cut = [...headCt(small).instances];

/** Mean of the Hounsfield units about a place given in pixels of 128. */
function meanAt(slice: number, column: number, row: number): number {
  const pixels = Buffer.from(cut[slice]?.bytes ?? []).subarray(-128 * 128 * 2);
  let sum = 0;
  for (let y = row - 1; y <= row + 1; y++) {
    for (let x = column - 1; x <= column + 1; x++) sum += pixels.readInt16LE((y * 128 + x) * 2) - 1024;
  }
  return sum / 9;
}

test('a head CT is the same bytes every time, and another patient’s another head', () => {
  const again = [...headCt(small).instances];
  assert.ok(
    cut.every((instance, index) => Buffer.compare(instance.bytes, again[index]?.bytes ?? Buffer.of()) === 0),
  );
  const [other] = headCt({ ...small, key: 'other' }).instances;
  const pixelsOf = (bytes: Uint8Array = Buffer.of()) => Buffer.from(bytes).subarray(-128 * 128 * 2);
  assert.notEqual(Buffer.compare(pixelsOf(other?.bytes), pixelsOf(cut[0]?.bytes)), 0);
});

test('it has air outside, water in the ventricles and brain between bone', () => {
  assert.ok(meanAt(6, 3, 3) < -900, 'air');
  const middle = meanAt(6, 64, 40);
  assert.ok(middle > 5 && middle < 60, `brain is ${middle}`);
  const row = Array.from({ length: 126 }, (_, column) => meanAt(6, column + 1, 64));
  assert.ok(Math.max(...row.slice(0, 40)) > 300 && Math.max(...row.slice(-40)) > 300, 'skull on both sides');
});

test('slices are numbered from the base up and share one study, series and frame of reference', () => {
  assert.deepEqual(
    cut.map((instance) => instance.instanceNumber),
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
  assert.equal(new Set(cut.map((instance) => instance.sopInstanceUid)).size, 12);
  assert.equal(new Set(cut.map((instance) => instance.seriesInstanceUid)).size, 1);
});
