import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import { comparable, mayTick, togetherAs } from './compared.ts';

const exam = (given: Partial<ExamProgress>): ExamProgress => ({
  studyInstanceUid: '1',
  state: 'ready',
  description: '',
  modalities: ['CT'],
  studyDate: null,
  seriesCount: 2,
  instancesArrived: 100,
  instancesAnnounced: null,
  bytes: 10,
  uploadId: null,
  ...given,
});
const arriving = exam({
  state: 'transferring',
  instancesArrived: 40,
  instancesAnnounced: 60,
  modalities: ['MR'],
});

test('an exam by itself is what it is', () => {
  assert.deepEqual(togetherAs([arriving]), arriving);
});

test('two exams are counted together, and as unfinished as either', () => {
  const both = togetherAs([exam({}), arriving]);
  assert.deepEqual(
    [both.state, both.instancesArrived, both.instancesAnnounced, both.seriesCount, both.modalities],
    ['transferring', 140, 160, 4, ['CT', 'MR']],
  );
});

test('a number nobody announced is not made up', () => {
  const both = togetherAs([exam({}), { ...arriving, instancesAnnounced: null }]);
  assert.equal(both.instancesAnnounced, null);
});

test('exams with images can be compared, two at a time', () => {
  assert.deepEqual(comparable([exam({ instancesArrived: 0 }), arriving]), [arriving]);
  assert.equal(mayTick(['1'], '2'), true);
  assert.equal(mayTick(['1', '2'], '3'), false);
  assert.equal(mayTick(['1', '2'], '2'), true, 'to take it back');
});
