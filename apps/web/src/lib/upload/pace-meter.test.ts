import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaceMeter } from './pace-meter.ts';

test('the pace is that of the last seconds, and nobody guesses before there are some', () => {
  const meter = new PaceMeter();
  meter.note(0, 0);
  meter.note(1_000, 1_000_000);
  assert.equal(meter.bytesPerSecond, null);
  for (let second = 2; second <= 20; second++) meter.note(second * 1000, second * 1_000_000);
  assert.equal(meter.bytesPerSecond, 1_000_000);
  for (let second = 21; second <= 30; second++) meter.note(second * 1000, 20_000_000);
  assert.equal(meter.bytesPerSecond, 0);
});

test('falling back begins the measuring anew', () => {
  const meter = new PaceMeter();
  meter.note(0, 0);
  meter.note(2_000, 9_000_000);
  meter.note(3_000, 1_000_000);
  assert.equal(meter.bytesPerSecond, null);
});
