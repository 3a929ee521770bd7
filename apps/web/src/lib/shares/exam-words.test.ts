import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import { examName, examWords, secondsLeft, viewerNotice } from './exam-words.ts';

const ct: ExamProgress = {
  studyInstanceUid: '1.2.3',
  state: 'transferring',
  description: 'Head without contrast',
  modalities: ['CT'],
  studyDate: '2020-03-29',
  seriesCount: 2,
  instancesArrived: 212,
  instancesAnnounced: 600,
  bytes: 212 * 500_000,
  uploadId: 'u1',
};
const moving = { movement: 'moving', bytesPerSecond: 5_000_000 } as const;

test('an exam is named by modality and description, and a description that begins with the modality says it once', () => {
  assert.equal(examName(ct), 'CT · Head without contrast');
  assert.equal(examName({ modalities: ['CT'], description: 'CT Head' }), 'CT Head');
  assert.equal(examName({ modalities: ['US'], description: 'USED phantom' }), 'US · USED phantom');
  assert.equal(examName({ modalities: ['CT', 'SR'], description: 'CT Head' }), 'CT, SR · CT Head');
  assert.equal(examName({ modalities: ['MR'], description: ' ' }), 'MR');
  assert.equal(examName({ modalities: [], description: '' }), 'Exam without a description');
});

test('a transfer says how many images are here, how fast they come and how long it will take', () => {
  const words = examWords(ct, moving);
  assert.equal(words.badge.word, 'Transfer in Progress');
  assert.equal(words.detail, '212 of 600 images · 5.0 MB/s · about 40 s');
  assert.deepEqual(words.bar, { value: 212, max: 600, phase: 'running' });
});

test('a transfer whose sender fell silent says so and claims no pace', () => {
  const words = examWords(ct, { movement: 'paused', bytesPerSecond: 5_000_000 });
  assert.equal(words.detail, '212 of 600 images · Sender’s connection paused');
  assert.equal(words.bar?.phase, 'paused');
});

test('without an announcement the images are counted and no bar pretends to know the end', () => {
  const words = examWords({ ...ct, instancesAnnounced: null }, moving);
  assert.equal(words.detail, '212 images so far');
  assert.equal(words.bar, undefined);
});

test('waiting, confirming and ready each say what is here and what is missing', () => {
  const detail = (change: Partial<ExamProgress>) => examWords({ ...ct, ...change }, moving).detail;
  assert.equal(detail({ state: 'waiting', instancesArrived: 0 }), '600 images expected');
  assert.equal(detail({ state: 'waiting', instancesAnnounced: null }), 'No images yet');
  assert.equal(
    detail({ state: 'confirming', instancesArrived: 600, bytes: 300_000_000 }),
    '600 images · 2 series · 300 MB · waiting for the sender to confirm',
  );
  assert.equal(
    detail({ state: 'ready', instancesArrived: 1, seriesCount: 1, bytes: 5_200_000 }),
    '1 image · 5.2 MB',
  );
});

test('nobody promises a time before the first image, the announcement and a pace are known', () => {
  assert.equal(secondsLeft(ct, null), null);
  assert.equal(secondsLeft({ ...ct, instancesArrived: 0 }, 1), null);
  assert.equal(secondsLeft({ ...ct, instancesAnnounced: null }, 1), null);
  assert.equal(secondsLeft({ ...ct, instancesArrived: 700 }, 1), 0);
});

test('the viewer of an arriving exam warns, and counts what came since it was opened', () => {
  assert.deepEqual(viewerNotice({ ...ct, instancesArrived: 43, instancesAnnounced: 120 }, 43), {
    warning: '43 of 120 images so far – do not report from an incomplete series',
    unseen: 0,
  });
  assert.equal(viewerNotice(ct, 200).unseen, 12);
});

test('more images than were announced are counted without a total', () => {
  const more = { ...ct, instancesArrived: 601 };
  assert.equal(examWords(more, moving).detail, '601 images so far');
  assert.equal(
    viewerNotice(more, 601).warning,
    '601 images so far – do not report from an incomplete series',
  );
});

test('the warning stays when the exam is complete and the viewer is not', () => {
  const complete = { ...ct, state: 'ready', instancesArrived: 600 } as const;
  assert.deepEqual(viewerNotice(complete, 212), {
    warning: 'The viewer shows 212 of 600 images – load the others before you report',
    unseen: 388,
  });
  assert.deepEqual(viewerNotice(complete, 600), { warning: null, unseen: 0 });
});
