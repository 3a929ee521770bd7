import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worthAnnouncing } from './announcing.ts';

const last = { at: 100_000, share: 0.3 };

test('a transfer is read out when it is first seen', () => {
  assert.equal(worthAnnouncing(undefined, { at: 0, share: 0 }), true);
});

test('a fast transfer is read out at most every ten seconds', () => {
  assert.equal(worthAnnouncing(last, { at: 109_999, share: 0.9 }), false);
  assert.equal(worthAnnouncing(last, { at: 110_000, share: 0.9 }), true);
});

test('a slow transfer is read out at most every ten percent', () => {
  assert.equal(worthAnnouncing(last, { at: 500_000, share: 0.39 }), false);
  assert.equal(worthAnnouncing(last, { at: 500_000, share: 0.41 }), true);
});

test('the end is read out at once, and once', () => {
  assert.equal(worthAnnouncing(last, { at: 100_001, share: 1 }), true);
  assert.equal(worthAnnouncing({ at: 100_001, share: 1 }, { at: 900_000, share: 1 }), false);
});
