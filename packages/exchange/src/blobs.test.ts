import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letGo } from './blobs.ts';

test('bytes that are let go are gone, and a part of something larger stays', () => {
  const whole = new Uint8Array(new ArrayBuffer(64));
  const parts = new Uint8Array(new ArrayBuffer(64)).fill(7);
  letGo(whole);
  letGo(parts.subarray(0, 32));
  assert.equal(whole.buffer.byteLength, 0, 'its memory is given back');
  assert.deepEqual(parts, new Uint8Array(64).fill(7));
});

test('what Node shares among many small buffers is never given back', () => {
  const [one, other] = [Buffer.from('one'), Buffer.from('other')];
  letGo(one);
  letGo(other);
  assert.equal(`${one} ${other}`, 'one other');
});
