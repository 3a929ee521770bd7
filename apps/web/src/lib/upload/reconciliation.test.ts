import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { beyondChosen, billOf, listedMissingWords } from './reconciliation.ts';

const upload: UploadProgress = {
  uploadId: 'u',
  kind: 'request',
  requestId: 'r',
  state: 'arrived',
  filesChosen: 20,
  filesToSend: 14,
  bytesToSend: 1,
  leftOut: [
    { reason: 'not-dicom', files: 5 },
    { reason: 'truncated', files: 1 },
  ],
  listedMissing: 0,
  bytesReceived: 1,
  instancesArrived: 10,
  setAside: [
    { reason: 'conflict', files: 1 },
    { reason: 'duplicate', files: 3 },
  ],
  createdAt: '',
  firstByteAt: null,
  lastByteAt: null,
  sentAt: null,
  arrivedAt: null,
  closedAt: null,
};

const total = (progress: UploadProgress) => billOf(progress).lines.reduce((sum, { files }) => sum + files, 0);

test('the lines of the bill add up to what was chosen', () => {
  assert.equal(total(upload), 20);
  assert.equal(beyondChosen(upload), 0);
});

test('what is damaged asks for a look, litter and copies do not', () => {
  assert.deepEqual(
    billOf(upload).lines.map(({ files, tone }) => [files, tone]),
    [
      [10, 'good'],
      [3, 'quiet'],
      [1, 'warn'],
      [5, 'quiet'],
      [1, 'warn'],
    ],
  );
});

test('a file that is nowhere is told of and never hidden', () => {
  const lines = billOf({ ...upload, instancesArrived: 8 }).lines;
  assert.deepEqual(lines.at(-1), { files: 2, words: 'not there yet', tone: 'warn' });
});

test('what came before, from another disc, is told of as well', () => {
  assert.equal(beyondChosen({ ...upload, instancesArrived: 12 }), 2);
});

test('what is there from elsewhere and what came twice are one line', () => {
  const leftOut = [...upload.leftOut, { reason: 'duplicate', files: 2 }];
  const progress = { ...upload, filesChosen: 22, leftOut };
  assert.equal(total(progress), 22);
  assert.deepEqual(
    billOf(progress).lines.filter(({ words }) => words === 'already there, byte for byte'),
    [{ files: 5, words: 'already there, byte for byte', tone: 'quiet' }],
  );
});

test("what the disc's own list names beyond that is told beside the bill and is no line of it", () => {
  assert.equal(listedMissingWords(upload), '');
  const words = listedMissingWords({ ...upload, listedMissing: 12 });
  assert.equal(words, "The disc's own list names 12 images that were not in what was chosen.");
  assert.equal(total({ ...upload, listedMissing: 12 }), 20);
});
