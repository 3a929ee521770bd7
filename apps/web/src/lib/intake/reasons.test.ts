import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { duplicateCount, leftOutReasons, setAsideReasons } from './reasons.ts';
import { setAsideCount } from './upload-look.ts';

const upload: UploadProgress = {
  uploadId: 'u1',
  kind: 'staff',
  requestId: null,
  state: 'confirmed',
  filesChosen: 40,
  filesToSend: 20,
  bytesToSend: 0,
  leftOut: [
    { reason: 'dicomdir', files: 1 },
    { reason: 'not-dicom', files: 19 },
  ],
  listedMissing: 0,
  bytesReceived: 0,
  instancesArrived: 0,
  setAside: [
    { reason: 'truncated', files: 2 },
    { reason: 'duplicate', files: 16 },
  ],
  createdAt: '2026-03-01T12:00:00Z',
  firstByteAt: null,
  lastByteAt: null,
  sentAt: null,
  arrivedAt: null,
  closedAt: null,
};

test('images that came before are told as such, and not as something to look at', () => {
  assert.equal(duplicateCount(upload), 16);
  assert.equal(setAsideCount(upload), 2);
  const known = { ...upload, leftOut: [...upload.leftOut, { reason: 'duplicate', files: 300 }] };
  assert.equal(duplicateCount(known), 316, 'those found out before they were sent are among them');
  assert.equal(leftOutReasons(known).length, 2, 'and are nothing that was left out');
});

test('what was set aside is told by reason with the names it had on the disc', () => {
  const sentence = 'The file ends before its picture begins; it may have been damaged when it was copied.';
  const files = [
    { name: 'IM000001', sentence: 'The same image is there already, byte for byte.' },
    { name: 'IM000007', sentence },
  ];
  assert.deepEqual(setAsideReasons(upload, files), [{ sentence, files: 2, names: ['IM000007'] }]);
});

test('a word that every object inherits is no reason', () => {
  const { sentence } = leftOutReasons({ ...upload, leftOut: [{ reason: 'constructor', files: 1 }] })[0] ?? {};
  assert.equal(typeof sentence, 'string');
});

test('what the browser left out is told in sentences, most frequent first', () => {
  assert.deepEqual(
    leftOutReasons(upload).map(({ files }) => files),
    [19, 1],
  );
});
