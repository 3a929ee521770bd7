import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyondWindows, packageWords, planningWords } from './package-words.ts';

test('a disk image says what it can be burned on, a ZIP only its size', () => {
  assert.equal(packageWords({ kind: 'zip', size: 8_200_000 }), '8.2 MB');
  assert.match(packageWords({ kind: 'iso', size: 600_000_000 }), /· Fits on a CD$/);
  assert.match(packageWords({ kind: 'iso', size: 4_000_000_000 }), /· Fits on a DVD$/);
  assert.match(packageWords({ kind: 'iso', size: 8_000_000_000 }), /· Fits on a double-layer DVD$/);
  assert.match(packageWords({ kind: 'iso', size: 20_000_000_000 }), /· Fits on a Blu-ray disc$/);
  assert.match(packageWords({ kind: 'iso', size: 90_000_000_000 }), /choose ZIP/);
  assert.equal(packageWords({ kind: 'iso', size: null }), '');
});

test('progress is told in images', () => {
  assert.equal(planningWords({ planned: 1200, instances: 2000 }), '1,200 of 2,000 images');
});

test('a file that Windows cannot read from a disk image is told of, and only there', () => {
  assert.ok(beyondWindows({ kind: 'iso', largest: 2 ** 32 }));
  assert.ok(!beyondWindows({ kind: 'iso', largest: 2 ** 32 - 1 }));
  assert.ok(!beyondWindows({ kind: 'zip', largest: 2 ** 33 }));
});
