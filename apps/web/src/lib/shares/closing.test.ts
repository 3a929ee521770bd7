import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingOf } from './closing.ts';

const minute = 60_000;
const open = {
  now: 100 * minute,
  attendedAt: 99 * minute,
  expiresAt: 900 * minute,
  shareId: 's1',
  signedInTo: null,
};

test('a page in use that is refused says that the sender ended the share', () => {
  assert.equal(closingOf(open), 'ended');
  assert.equal(closingOf({ ...open, signedInTo: 's1' }), 'ended');
});

test('a page nobody touched for half an hour says that it rested, not that the sender did anything', () => {
  assert.equal(closingOf({ ...open, attendedAt: 70 * minute }), 'rested');
  assert.equal(closingOf({ ...open, attendedAt: 70 * minute + 1 }), 'ended');
});

test('a share past its date says so, also when nobody was there to see it', () => {
  assert.equal(closingOf({ ...open, now: 900 * minute, attendedAt: 0 }), 'expired');
});

test('a share opened in another tab is named as the reason', () => {
  assert.equal(closingOf({ ...open, signedInTo: 's2' }), 'elsewhere');
});
