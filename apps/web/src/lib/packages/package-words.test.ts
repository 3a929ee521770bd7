import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyondWindows, packageWords, planningWords, startedWords } from './package-words.ts';

test('a disk image says what it can be burned on, a ZIP only its size', () => {
  assert.equal(packageWords({ kind: 'zip', size: 8_200_000 }), '8.2 MB');
  const words = (size: number) => packageWords({ kind: 'iso', size });
  assert.match(words(600_000_000), /· Fits on a CD \(700 MB\)$/);
  assert.match(words(4_700_000_000), /· Fits on a DVD \(4\.7 GB\)$/);
  const instead = /· Too large for a DVD \(4\.7 GB\): choose ZIP and carry it on a USB drive/;
  for (const size of [4_701_000_000, 20_000_000_000, 90_000_000_000]) assert.match(words(size), instead);
  assert.match(words(8_000_000_000), /, or burn it on a double-layer DVD \(8\.5 GB\)$/);
  assert.match(words(20_000_000_000), /, or burn it on a Blu-ray disc \(25 GB\)$/);
  assert.match(words(90_000_000_000), /USB drive$/);
  assert.equal(packageWords({ kind: 'iso', size: null }), '');
});

test('progress is told in images', () => {
  assert.equal(planningWords({ planned: 1200, instances: 2000 }), '1,200 of 2,000 images');
});

test('whoever takes a disk image is not told to look for a ZIP', () => {
  assert.match(startedWords('zip'), /the ZIP file into your Downloads folder\.$/);
  assert.match(startedWords('iso'), /the disk image into your Downloads folder\.$/);
});

test('a file that Windows cannot read from a disk image is told of, and only there', () => {
  assert.ok(beyondWindows({ kind: 'iso', largest: 2 ** 32 }));
  assert.ok(!beyondWindows({ kind: 'iso', largest: 2 ** 32 - 1 }));
  assert.ok(!beyondWindows({ kind: 'zip', largest: 2 ** 33 }));
});
