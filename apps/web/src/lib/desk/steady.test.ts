import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steady } from './steady.ts';

test('new rows come to their place while nobody points at the table', () => {
  assert.deepEqual(steady(['b', 'a'], ['c', 'b', 'a'], false), { shown: ['c', 'b', 'a'], waiting: 0 });
});

test('new rows wait, counted, while the pointer rests on the table', () => {
  assert.deepEqual(steady(['b', 'a'], ['d', 'c', 'b', 'a'], true), { shown: ['b', 'a'], waiting: 2 });
});

test('rows under the pointer keep their order, and a row that is gone goes', () => {
  assert.deepEqual(steady(['c', 'b', 'a'], ['a', 'c'], true), { shown: ['c', 'a'], waiting: 0 });
});
