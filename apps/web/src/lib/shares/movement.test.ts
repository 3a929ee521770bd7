import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STUCK_AFTER_MS, movementOf } from './movement.ts';

const silent = { silentMs: 1_000, heard: false, fellSilent: false };
const transferring = { state: 'transferring' } as const;

test('a sender is paused when its pace falls silent, and where no pace is heard only after minutes', () => {
  assert.equal(movementOf(transferring, silent), 'moving');
  assert.equal(movementOf(transferring, { ...silent, fellSilent: true }), 'paused');
  assert.equal(movementOf(transferring, { ...silent, silentMs: 119_999 }), 'moving');
  assert.equal(movementOf(transferring, { ...silent, silentMs: 120_000 }), 'paused');
});

test('a transfer is stuck from the thirtieth minute without a byte, also before its first image', () => {
  assert.equal(movementOf(transferring, { ...silent, silentMs: STUCK_AFTER_MS - 1 }), 'paused');
  assert.equal(movementOf(transferring, { ...silent, silentMs: STUCK_AFTER_MS }), 'stuck');
  assert.equal(movementOf({ state: 'waiting' }, { ...silent, silentMs: STUCK_AFTER_MS }), 'stuck');
});

test('bytes that are heard this moment outweigh what the catalogue has seen last', () => {
  assert.equal(
    movementOf(transferring, { silentMs: STUCK_AFTER_MS, heard: true, fellSilent: false }),
    'moving',
  );
});

test('an exam that is here is never called stuck', () => {
  for (const state of ['confirming', 'ready'] as const) {
    assert.equal(movementOf({ state }, { ...silent, silentMs: STUCK_AFTER_MS, fellSilent: true }), 'moving');
  }
});
