import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatWhen } from './when.ts';

test('what was today is told by its time, and what was before by its day', () => {
  const now = new Date(2026, 2, 29, 15, 0);
  assert.equal(formatWhen(new Date(2026, 2, 29, 0, 5), now), 'Today, 00:05');
  assert.equal(formatWhen(new Date(2026, 2, 28, 23, 59), now), 'Mar. 28, 2026');
});
