import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyondOneUpload, highWaterFreeBytes, holds, isBeyondQuota, isOpen, isUnderWay } from './rules.ts';
import { type Limits, NO_LIMITS, type Taken } from './schema.ts';

const GB = 1e9;
const limits: Limits = {
  uploadBytes: 200 * GB,
  uploadFiles: 1000,
  diskPercent: 90,
  diskFreeBytes: 20 * GB,
  diskReserveBytes: GB,
};
const disk = (total: number, free: number) => ({ totalBytes: total * GB, freeBytes: free * GB });
const taken: Taken = {
  kind: 'request',
  takenBytes: 0,
  takenBlobs: 0,
  instancesArrived: 0,
  facilityBytes: 0,
  quotaBytes: null,
};

test('a small disk is full at nine tenths, a large one when twenty gigabytes are left', () => {
  assert.equal(Math.round(highWaterFreeBytes(disk(50, 50), limits) / GB), 5);
  assert.equal(highWaterFreeBytes(disk(10_000, 50), limits), 20 * GB);
  assert.equal(isOpen(disk(50, 5.1), limits), true);
  assert.equal(isOpen(disk(50, 4.9), limits), false);
  assert.equal(isOpen(disk(10_000, 21), limits), true);
});

test('what runs may write down to the reserve, and no write may pass it', () => {
  assert.equal(holds(disk(50, 2), limits, 0.9 * GB), true);
  assert.equal(holds(disk(50, 2), limits, 1.1 * GB), false);
  assert.equal(holds(disk(4, 0.3), limits, 0.05 * GB), true, 'of a tiny disk half of the mark is kept');
});

test('without limits only a full disk is full', () => {
  assert.equal(isOpen(disk(50, 0), NO_LIMITS), true);
  assert.equal(holds(disk(50, 1), NO_LIMITS, GB), true);
  assert.equal(beyondOneUpload({ ...taken, takenBytes: 1e15, takenBlobs: 1e9 }, NO_LIMITS), null);
});

test('an upload is under way between its first byte and the last one it announced', () => {
  assert.equal(isUnderWay({ bytesReceived: 0, bytesToSend: 10 }), false);
  assert.equal(isUnderWay({ bytesReceived: 1, bytesToSend: 10 }), true);
  assert.equal(isUnderWay({ bytesReceived: 10, bytesToSend: 10 }), false);
  assert.equal(isUnderWay({ bytesReceived: 10, bytesToSend: 0 }), false);
});

test('one upload has a bound in bytes and in files, said in a sentence; a device’s rolling one has none', () => {
  assert.equal(beyondOneUpload({ ...taken, takenBytes: 200 * GB, takenBlobs: 1000 }, limits), null);
  assert.match(beyondOneUpload({ ...taken, takenBytes: 200 * GB + 1 }, limits) ?? '', /at most 200 GB\./);
  assert.match(beyondOneUpload({ ...taken, takenBlobs: 1001 }, limits) ?? '', /at most 1,000 files\./);
  assert.match(beyondOneUpload({ ...taken, instancesArrived: 1001 }, limits) ?? '', /1,000 files/);
  assert.equal(beyondOneUpload({ ...taken, kind: 'device', takenBytes: 300 * GB }, limits), null);
});

test('a facility without a quota has as much as there is room', () => {
  assert.equal(isBeyondQuota({ facilityBytes: 1e15, quotaBytes: null }), false);
  assert.equal(isBeyondQuota({ facilityBytes: 10, quotaBytes: 10 }), false);
  assert.equal(isBeyondQuota({ facilityBytes: 11, quotaBytes: 10 }), true);
});
