import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarDay, examState } from './rules.ts';

const request = { instancesAnnounced: 600, feedingState: 'open', feedingKind: 'request' };

test('an exam under a request waits, travels, and waits for Confirm as soon as its own images are here', () => {
  assert.equal(examState({ ...request, instancesArrived: 0 }), 'waiting');
  assert.equal(examState({ ...request, instancesArrived: 599 }), 'transferring');
  assert.equal(examState({ ...request, instancesArrived: 600 }), 'confirming');
  assert.equal(examState({ ...request, instancesArrived: 599, feedingState: 'sent' }), 'transferring');
  assert.equal(examState({ ...request, instancesArrived: 598, feedingState: 'arrived' }), 'confirming');
});

test('an exam nobody announced is on its way until its upload has arrived', () => {
  assert.equal(examState({ ...request, instancesAnnounced: null, instancesArrived: 9 }), 'transferring');
});

test('images that lay in the record before do not make an exam of a staff upload ready', () => {
  const staff = { ...request, feedingKind: 'staff', instancesArrived: 600 };
  assert.equal(examState(staff), 'transferring');
  assert.equal(examState({ ...staff, feedingState: 'arrived' }), 'ready');
});

test('an exam that nothing feeds is ready', () => {
  const facts = { instancesArrived: 1, instancesAnnounced: null, feedingState: null, feedingKind: null };
  assert.equal(examState(facts), 'ready');
});

test('a date is a day there is, with the dots of old or without', () => {
  const days = [
    '20240229',
    ' 2024.02.29 ',
    '2024.0229',
    '20230229',
    '20241301',
    '00000101',
    '2024022',
    '20240229 ',
    '',
  ];
  const expected = ['2024-02-29', '2024-02-29', '2024-02-29', null, null, null, null, '2024-02-29', null];
  assert.deepEqual(days.map(calendarDay), expected);
  assert.equal(calendarDay(null), null);
});
