import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOPICS, pieces } from './topics.ts';

test('asterisks come in pairs, so that nothing is stressed by accident', () => {
  const texts = TOPICS.flatMap(({ intro, steps, notes }) => [intro, ...steps, ...notes]);
  for (const text of texts) assert.equal(pieces(text).length % 2, 1, text);
});

test('each subject stands once', () => {
  assert.equal(new Set(TOPICS.map(({ id }) => id)).size, TOPICS.length);
});
