import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CODE_GROUPS, group, PIN_GROUPS, regroup, remainingSlots } from './grouping.ts';

describe('grouping a secret', () => {
  test('any case, any spacing and full-width letters come out as the paper prints them', () => {
    for (const typed of [
      'vtx5hn8dp',
      'VTX-5HN-8DP',
      ' v t x . 5hn – 8DP',
      'ＶＴＸ５ＨＮ８ＤＰ',
      'vtx\u00a05hn\u00a08dp',
    ]) {
      assert.equal(group(typed, CODE_GROUPS), 'VTX - 5HN - 8DP');
    }
    assert.equal(group('317486', PIN_GROUPS), '317 486');
  });

  test('half a code has no separator at its end', () => {
    assert.equal(group('', CODE_GROUPS), '');
    assert.equal(group('VTX', CODE_GROUPS), 'VTX');
    assert.equal(group('VTX5', CODE_GROUPS), 'VTX - 5');
  });

  test('a code that is too long keeps all of its characters', () => {
    assert.equal(group('VTX5HN8DPXX', CODE_GROUPS), 'VTX - 5HN - 8DPXX');
  });

  test('the slots still to fill lie behind the rest of the field', () => {
    assert.equal(remainingSlots('', CODE_GROUPS), '··· - ··· - ···');
    assert.equal(remainingSlots('VTX - 5', CODE_GROUPS), '       ·· - ···');
    assert.equal(remainingSlots('VTX - 5HN - 8DPXX', CODE_GROUPS), ' '.repeat(15));
  });
});

describe('the caret', () => {
  test('typing the fourth character carries the caret over the separator', () => {
    assert.deepEqual(regroup({ text: 'VTX5', caret: 4 }, CODE_GROUPS, 'backward'), {
      text: 'VTX - 5',
      caret: 7,
    });
  });

  test('typing in the middle stays in the middle', () => {
    assert.deepEqual(regroup({ text: 'VQTX - 5', caret: 2 }, CODE_GROUPS, 'backward'), {
      text: 'VQT - X5',
      caret: 2,
    });
  });

  test('Backspace at a separator moves on to the character before it', () => {
    assert.deepEqual(regroup({ text: 'VTX -5HN', caret: 5 }, CODE_GROUPS, 'backward'), {
      text: 'VTX - 5HN',
      caret: 3,
    });
  });

  test('Delete at a separator moves on to the character after it', () => {
    assert.deepEqual(regroup({ text: 'VTX- 5HN', caret: 3 }, CODE_GROUPS, 'forward'), {
      text: 'VTX - 5HN',
      caret: 6,
    });
  });
});
