import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import { choiceOf, sumOf, whyNotDownload } from './download-words.ts';

const ct: ExamProgress = {
  studyInstanceUid: '1.2.3',
  state: 'ready',
  description: 'Head without contrast',
  modalities: ['CT'],
  studyDate: '2020-03-29',
  seriesCount: 1,
  instancesArrived: 60,
  instancesAnnounced: 60,
  bytes: 8_000_000,
  uploadId: null,
};

test('only an exam that is ready can be downloaded, and every other one says why not', () => {
  assert.equal(whyNotDownload(ct), null);
  for (const state of ['waiting', 'transferring', 'confirming'] as const) {
    assert.ok(whyNotDownload({ ...ct, state }), state);
  }
});

test('a line of the chooser names the exam and says how much it is, or why it cannot be chosen', () => {
  assert.deepEqual(choiceOf(ct), {
    label: 'Mar. 29, 2020 · CT · Head without contrast',
    hint: '60 images · 8.0 MB',
    possible: true,
  });
  assert.deepEqual(choiceOf({ ...ct, studyDate: null, state: 'transferring', instancesArrived: 43 }), {
    label: 'Date unknown · CT · Head without contrast',
    hint: 'Still arriving · 43 of 60 images',
    possible: false,
  });
});

test('the chosen exams are summed up before anybody waits for them', () => {
  assert.equal(sumOf([ct, { ...ct, instancesArrived: 1, bytes: 500_000 }]), '2 exams · 61 images · 8.5 MB');
  assert.equal(sumOf([ct], '9 MB · Fits on a CD').split(' · ').slice(2).join(), '9 MB,Fits on a CD');
});
