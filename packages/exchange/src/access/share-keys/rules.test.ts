import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareKeyExpiry, shareKeyState } from './rules.ts';

const now = new Date('2026-04-12T10:00:00Z');
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

test('a key lives for its hours', () => {
  assert.deepEqual(shareKeyExpiry(now, { hours: 8, shareEnds: at(100) }), at(8));
});

test('a key never outlives its share', () => {
  assert.deepEqual(shareKeyExpiry(now, { hours: 24, shareEnds: at(3) }), at(3));
});

test('a key is live until it ends, and revoked whenever that happened', () => {
  assert.equal(shareKeyState({ expiresAt: at(1), revokedAt: null }, now), 'live');
  assert.equal(shareKeyState({ expiresAt: now, revokedAt: null }, now), 'expired');
  assert.equal(shareKeyState({ expiresAt: at(-1), revokedAt: at(-2) }, now), 'revoked');
});
