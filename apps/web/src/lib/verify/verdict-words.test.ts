import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PackageCheck } from './check-package.ts';
import { verdictWords } from './verdict-words.ts';

const whole: PackageCheck = {
  images: { listed: 1204, verified: 1204 },
  files: { listed: 1210, verified: 1210 },
  bad: [],
  extra: [],
  signature: 'good',
};

test('a whole package is said in the words of the papers', () => {
  const { tone, title, meaning } = verdictWords(whole);
  assert.deepEqual([tone, title], ['good', '1,204 of 1,204 images verified']);
  assert.match(meaning, /6 other files/);
});

test('nothing is called verified by a list that nobody vouches for', () => {
  for (const signature of ['another-key', 'missing', 'unsupported', 'no-key'] as const) {
    const { tone, title, meaning } = verdictWords({ ...whole, signature });
    assert.deepEqual([tone, title], ['warn', '1,204 of 1,204 images as the list says']);
    assert.match(meaning, /proves nothing/);
  }
});

test('what is bad is counted, and told what to do with', () => {
  const bad = [{ path: 'README.TXT', fault: 'missing' as const }];
  assert.match(verdictWords({ ...whole, bad }).meaning, /^1 file .* it is named below. Do not use it:/);
  assert.match(verdictWords({ ...whole, bad: [...bad, ...bad] }).meaning, /^2 files .* Do not use them:/);
  assert.equal(verdictWords({ ...whole, bad }).tone, 'error');
});
