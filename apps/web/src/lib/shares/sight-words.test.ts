import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Seen, isBlind, paintsNothing, sightWords } from './sight-words.ts';
import { viewerMessage } from './viewer-message.ts';

const plan = { what: 'Radiotherapy plan', series: 1, asGrey: false };
const video = { what: 'Video', series: 2, asGrey: false };
const dose = { what: 'Radiotherapy dose', series: 1, asGrey: true };
const seen = (given: Partial<Seen> = {}): Seen => ({
  sight: { series: 3, painted: 2, hidden: 1, unseen: [plan] },
  damaged: 0,
  withheld: 0,
  seriesExpected: 3,
  ...given,
});
const where = 'in the download';

test('one series that cannot be shown is named, with where it is', () => {
  assert.deepEqual(sightWords(seen(), where), [
    '1 series cannot be shown in the viewer: Radiotherapy plan. It is in the download.',
  ]);
});

test('several are counted by kind, grey levels and damaged images are said apart', () => {
  const sight = { series: 6, painted: 3, hidden: 3, unseen: [plan, video, dose] };
  assert.deepEqual(sightWords(seen({ sight, damaged: 2 }), where), [
    '3 series cannot be shown in the viewer: Radiotherapy plan, Video (2). They are in the download.',
    'Radiotherapy dose is shown as plain grey levels, without its values.',
    '2 images could not be opened: they seem to be damaged.',
  ]);
});

test('a document that holds a program is said not to be opened', () => {
  const sight = { series: 1, painted: 0, hidden: 0, unseen: [] };
  assert.deepEqual(sightWords(seen({ sight, withheld: 1 }), where), [
    '1 document holds a program and is not opened here. It is in the download.',
  ]);
});

test('nothing is said while all can be seen, or nothing is known yet', () => {
  assert.deepEqual(sightWords(seen({ sight: null }), where), []);
  assert.deepEqual(sightWords(seen({ sight: { series: 3, painted: 3, hidden: 0, unseen: [] } }), where), []);
});

test('an exam is blind once all its series are known and none can be shown', () => {
  const sight = { series: 2, painted: 0, hidden: 2, unseen: [video] };
  assert.equal(isBlind(seen({ sight, seriesExpected: 2 })), true);
  assert.equal(isBlind(seen({ sight, seriesExpected: 3 })), false, 'another series may still come');
  assert.equal(isBlind(seen()), false);
  assert.equal(isBlind(seen({ sight: null, seriesExpected: 0 })), false);
});

test('reports and documents are not waited for as for an image', () => {
  const sight = { series: 1, painted: 0, hidden: 0, unseen: [] };
  assert.equal(paintsNothing(seen({ sight, seriesExpected: 1 })), true);
  assert.equal(paintsNothing(seen()), false);
});

test('only what the viewer says is understood', () => {
  assert.deepEqual(
    viewerMessage({ type: 'filmpost:viewer-sight', series: 1, painted: 1, unseen: [plan, 7] }),
    {
      kind: 'sight',
      sight: { series: 1, painted: 1, hidden: 0, unseen: [plan] },
    },
  );
  assert.deepEqual(viewerMessage({ type: 'filmpost:viewer-refused', status: '404' }), {
    kind: 'refused',
    status: 0,
  });
  for (const other of [null, 'filmpost:viewer-image', {}, { type: 'webpackOk' }])
    assert.equal(viewerMessage(other), null);
});
