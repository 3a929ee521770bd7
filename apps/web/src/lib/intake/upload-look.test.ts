import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { arrivedText, barNumbers, silenceText, uploadLook } from './upload-look.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000).toISOString();

function anUpload(given: Partial<UploadProgress>): UploadProgress {
  return {
    uploadId: 'u1',
    kind: 'request',
    requestId: 'r1',
    state: 'open',
    filesChosen: 620,
    filesToSend: 600,
    bytesToSend: 300_000_000,
    leftOut: [],
    listedMissing: 0,
    bytesReceived: 100_000_000,
    instancesArrived: 212,
    setAside: [],
    createdAt: ago(120),
    firstByteAt: null,
    lastByteAt: ago(1),
    sentAt: null,
    arrivedAt: null,
    closedAt: null,
    ...given,
  };
}

function look(given: Partial<UploadProgress>, moving = false): string {
  const { state, word } = uploadLook(anUpload(given), { now: NOW, moving });
  return word ? `${state}: ${word}` : state;
}

test('a transfer is in progress while its bytes come, however old the last whole pack is', () => {
  assert.equal(look({ lastByteAt: ago(600) }, true), 'transferring');
  assert.equal(look({ lastByteAt: ago(30) }), 'transferring');
});

test('after a minute of silence the sender has paused, after thirty it is stuck', () => {
  assert.equal(look({ lastByteAt: ago(61) }), 'paused: Paused by sender');
  assert.equal(look({ lastByteAt: ago(29 * 60) }), 'paused: Paused by sender');
  assert.equal(look({ lastByteAt: ago(30 * 60) }), 'stuck');
  assert.equal(
    silenceText(anUpload({ lastByteAt: ago(12 * 60) }), NOW),
    'Nothing has come for about 12 min.',
  );
});

test('before the first byte the words tell whether the disc has been looked at', () => {
  assert.equal(look({ lastByteAt: null, filesToSend: 0 }), 'waiting: Looking at the disc');
  assert.equal(look({ lastByteAt: null }), 'waiting: About to begin');
  assert.equal(look({ lastByteAt: null, createdAt: ago(31 * 60) }), 'stuck');
});

test('a device that falls silent has finished a study and is not stuck', () => {
  const device = { kind: 'device', requestId: null } as const;
  assert.equal(look({ ...device, lastByteAt: ago(5) }), 'transferring');
  assert.equal(look({ ...device, lastByteAt: ago(40 * 60) }), 'ready: Arrived so far');
});

test('only what came under a request waits for a Confirm', () => {
  assert.equal(look({ state: 'arrived' }), 'waiting: Waiting for Confirm');
  assert.equal(look({ state: 'confirmed' }), 'confirmed');
  assert.equal(look({ state: 'confirmed', kind: 'staff', requestId: null }), 'ready: Arrived');
});

test('the bar counts bytes still in flight and never runs over its end', () => {
  const pacing = { bytesPerSecond: 5_000_000, bytesInFlight: 8_000_000 };
  assert.deepEqual(barNumbers(anUpload({}), pacing), {
    value: 108_000_000,
    max: 300_000_000,
    detail: '212 of 600 images · 5.0 MB/s · about 40 s',
  });
  const full = barNumbers(anUpload({ bytesReceived: 299_000_000 }), pacing);
  assert.equal(full.value, 300_000_000);
});

test('what a device sends has no end to count towards', () => {
  assert.equal(arrivedText(anUpload({ instancesArrived: 1204 }), null), '1,204 images');
});
