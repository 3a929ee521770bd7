import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facilityPageExpiry, shareState } from './rules.ts';

const now = new Date('2026-04-12T08:00:00Z');
const [before, after] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)];
const share = { revokedAt: null, expiresAt: after, lockedUntil: null, wrongBirthDates: 0 };

test('a share is what closes it first: revoked, expired, locked, or none of them', () => {
  assert.equal(shareState(share, now), 'active');
  assert.equal(shareState({ ...share, lockedUntil: after }, now), 'locked');
  assert.equal(shareState({ ...share, lockedUntil: before }, now), 'active');
  assert.equal(shareState({ ...share, lockedUntil: before, wrongBirthDates: 20 }, now), 'locked', 'frozen');
  assert.equal(shareState({ ...share, lockedUntil: after, expiresAt: now }, now), 'expired');
  assert.equal(shareState({ ...share, expiresAt: before, revokedAt: before }, now), 'revoked');
});

test('an Access Page lives thirty days', () => {
  assert.equal(facilityPageExpiry(now).toISOString(), '2026-05-12T08:00:00.000Z');
});
