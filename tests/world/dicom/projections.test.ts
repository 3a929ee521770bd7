import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chestRadiograph } from './chest-radiograph.ts';
import { ultrasoundCine } from './ultrasound-cine.ts';

const chest = chestRadiograph({ columns: 280 });
const [columns, rows] = [280, 340];
const cine = ultrasoundCine({ columns: 160, rows: 120, frames: 8 });

/** Mean of a square about a place given as parts of the picture, of 12 bits. */
function chestAt(index: number, x: number, y: number): number {
  const pixels = Buffer.from(chest[index]?.bytes ?? []).subarray(-columns * rows * 2);
  let sum = 0;
  for (let row = -4; row <= 4; row++) {
    for (let column = -4; column <= 4; column++) {
      sum += pixels.readUInt16LE(
        ((Math.round(y * rows) + row) * columns + Math.round(x * columns) + column) * 2,
      );
    }
  }
  return sum / 81;
}

function frame(number: number): Buffer {
  const size = 160 * 120;
  return Buffer.from(cine.bytes)
    .subarray(-size * (8 - number + 1))
    .subarray(0, size);
}

test('a chest and a cine are the same bytes every time', () => {
  assert.ok(
    chestRadiograph({ columns: 280 }).every(
      (image, index) => Buffer.compare(image.bytes, chest[index]?.bytes ?? Buffer.of()) === 0,
    ),
  );
  assert.equal(Buffer.compare(ultrasoundCine({ columns: 160, rows: 120, frames: 8 }).bytes, cine.bytes), 0);
});

test('a frontal chest has dark lungs on both sides of a bright mediastinum above a bright abdomen', () => {
  const [right, middle, left, below] = [
    chestAt(0, 0.3, 0.4),
    chestAt(0, 0.5, 0.5),
    chestAt(0, 0.7, 0.4),
    chestAt(0, 0.35, 0.85),
  ];
  assert.ok(right < 2000 && left < 2000, `lungs ${right} and ${left}`);
  assert.ok(middle > 3000 && below > 2800, `mediastinum ${middle}, abdomen ${below}`);
  assert.equal(chest.length, 2);
});

test('no pixel of a chest needs more than 12 bits', () => {
  for (const { bytes } of chest) {
    const pixels = Buffer.from(bytes).subarray(-columns * rows * 2);
    for (let at = 0; at < pixels.length; at += 2) assert.ok(pixels.readUInt16LE(at) < 4096);
  }
});

test('a heart beats: frames differ, the corners stay black, and a ventricle is darker than its wall', () => {
  assert.notEqual(Buffer.compare(frame(1), frame(4)), 0);
  assert.equal(frame(1).readUInt8(119 * 160), 0);
  const mean = (number: number, x: number, y: number) => {
    const pixels = frame(number);
    return [-1, 0, 1].reduce((sum, row) => sum + pixels.readUInt8((y + row) * 160 + x), 0) / 3;
  };
  assert.ok(mean(1, 88, 52) < 60);
  assert.ok(Math.max(...[100, 102, 104, 106, 108].map((x) => mean(1, x, 60))) > 100);
});
