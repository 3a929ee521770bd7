import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomesOf, reasonInWords } from './store-answer.ts';

const reference = (uid: string, more: object = {}) => ({ '00081155': { vr: 'UI', Value: [uid] }, ...more });
const us = (tag: string, value: number) => ({ [tag]: { vr: 'US', Value: [value] } });

test('each image has the outcome that the Store Instances Response gives it', () => {
  const body = JSON.stringify({
    '00081199': { vr: 'SQ', Value: [reference('1.1'), reference('1.2', us('00081196', 0xb000))] },
    '00081198': { vr: 'SQ', Value: [reference('1.3', us('00081197', 0xa701))] },
  });
  assert.deepEqual(Object.fromEntries(outcomesOf(['1.1', '1.2', '1.3', '1.4'], { status: 202, body })), {
    '1.1': { kind: 'stored' },
    '1.2': { kind: 'stored-with-warning', sentence: 'Your PACS changed some of its values.' },
    '1.3': { kind: 'failed', sentence: 'Your PACS has no room for it.' },
    '1.4': { kind: 'failed', sentence: 'Your PACS answered 202 and said nothing of this image.' },
  });
});

test('an answer that is no JSON is judged by its status', () => {
  const outcomes = (status: number) => outcomesOf(['1.1'], { status, body: '<html>' }).get('1.1');
  assert.deepEqual(outcomes(200), { kind: 'stored' });
  assert.equal(outcomes(401)?.kind, 'failed');
  assert.equal(outcomes(500)?.kind, 'failed');
});

test('JSON of any other shape is no answer, and harms nobody', () => {
  for (const body of ['null', '[]', '3', '{"00081198":{"Value":"x"}}', '{"00081199":{"Value":[null,1]}}']) {
    assert.equal(outcomesOf(['1.1'], { status: 409, body }).get('1.1')?.kind, 'failed', body);
  }
});

test('reasons are words; one that nobody knows is told as it is', () => {
  assert.match(reasonInWords(0xc122), /compressed/);
  assert.match(reasonInWords(0xc001), /cannot read/);
  assert.match(reasonInWords(0x0999), /0999H/);
  assert.match(reasonInWords(null), /no reason/);
});
