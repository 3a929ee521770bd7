import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsOn } from './capacity.ts';

test('the smallest disc that an image fits on is told', () => {
  const MB = 10 ** 6;
  assert.deepEqual(
    [0, 700 * MB, 750 * MB, 4700 * MB, 4701 * MB, 8500 * MB, 24_000 * MB, 26_000 * MB].map(fitsOn),
    ['CD', 'CD', 'DVD', 'DVD', 'DVD-DL', 'DVD-DL', 'Blu-ray', null],
  );
});
