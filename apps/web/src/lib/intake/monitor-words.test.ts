import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MonitoredUpload } from '@filmpost/exchange/intake/monitor/schema.ts';
import { filesText, monitorSender, patientsText } from './monitor-words.ts';
import { storyOf } from './upload-timeline.ts';

const upload: MonitoredUpload = {
  uploadId: 'u1',
  kind: 'request',
  requestId: 'r1',
  state: 'open',
  filesChosen: 0,
  filesToSend: 0,
  bytesToSend: 0,
  leftOut: [],
  listedMissing: 0,
  bytesReceived: 0,
  instancesArrived: 0,
  setAside: [],
  createdAt: '2026-11-21T10:00:00Z',
  firstByteAt: null,
  lastByteAt: null,
  sentAt: null,
  arrivedAt: null,
  closedAt: null,
  openedBy: '',
  outsideFacility: 'Palm Beach Imaging',
  address: '192.0.2.7',
  patients: [],
  modalities: [],
  exams: 0,
};

test('a sender is named by what is known of it', () => {
  assert.deepEqual(monitorSender(upload), { who: 'Palm Beach Imaging', where: 'Request · 192.0.2.7' });
  assert.equal(monitorSender({ ...upload, outsideFacility: '' }).who, 'Outside facility');
  const device = { ...upload, kind: 'device', openedBy: 'CT 2', address: 'local' } as const;
  assert.deepEqual(monitorSender(device), { who: 'CT 2', where: 'Device' });
  assert.equal(monitorSender({ ...upload, kind: 'staff' }).who, 'Your own desk');
});

test('one patient is named, further ones are counted, and nobody is guessed', () => {
  assert.equal(patientsText(upload), 'Not known yet');
  assert.equal(patientsText({ ...upload, patients: ['Lovelace^Ada'], exams: 1 }), 'Lovelace, Ada');
  const two = { ...upload, patients: ['Lovelace^Ada', 'Anthony^Ryan'], exams: 2 };
  assert.equal(patientsText(two), 'Lovelace, Ada + 1 more');
  assert.equal(patientsText({ ...upload, patients: [''], exams: 1 }), 'No name');
  assert.equal(patientsText({ ...upload, state: 'withdrawn' }), '–');
});

test('files are those chosen, or those that came where nobody chose any', () => {
  assert.equal(filesText({ ...upload, filesChosen: 652, instancesArrived: 40 }), '652 files');
  const setAside = [{ reason: 'not-dicom', files: 1 }];
  assert.equal(filesText({ ...upload, kind: 'device', instancesArrived: 2, setAside }), '3 files');
});

test('the story tells what has happened and how it ended', () => {
  assert.deepEqual(
    storyOf(upload).map(({ word }) => word),
    ['Opened'],
  );
  const ended = { ...upload, state: 'withdrawn', closedAt: '2026-11-21T11:00:00Z' } as const;
  assert.deepEqual(
    storyOf(ended).map(({ word }) => word),
    ['Opened', 'Withdrawn by the sender'],
  );
});
