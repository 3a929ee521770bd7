import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from './found.ts';

const row = ['Lovelace^Ada', 'Palm Beach Imaging'];

test('a row is found by beginnings of its words in any order', () => {
  for (const typed of ['lovel', 'ADA love', 'beach ada', 'Lovelace, Ada', '']) {
    assert.equal(found(typed, row), true, typed);
  }
});

test('one word that fits nothing finds nothing', () => {
  assert.equal(found('ada hopper', row), false);
});
