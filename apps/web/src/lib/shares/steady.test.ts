import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyRows } from './steady.ts';

const row = (studyInstanceUid: string, images = 1) => ({ studyInstanceUid, images });

test('rows under a pointer keep their places, show their newest content, and new ones wait', () => {
  const list = steadyRows([row('new'), row('b', 9), row('a', 5)], ['a', 'b']);
  assert.deepEqual(list, { rows: [row('a', 5), row('b', 9)], waiting: 1 });
});

test('a removed exam is gone also while somebody points at it', () => {
  assert.deepEqual(steadyRows([row('b')], ['a', 'b']), { rows: [row('b')], waiting: 0 });
});
