import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ChecksumMismatch, verified } from './tus-checksum.ts';

const pieces = ['one', 'two', 'three'].map((text) => Buffer.from(text));
const sha256 = (text: string) => createHash('sha256').update(text).digest();

async function* arriving(): AsyncGenerator<Buffer> {
  yield* pieces;
}

test('bytes that are what they were announced to be come as they are', async () => {
  const checksum = { algorithm: 'sha256', digest: sha256('onetwothree') } as const;
  const given: Buffer[] = [];
  for await (const piece of verified(arriving(), checksum)) given.push(piece);
  assert.deepEqual(given, pieces);
});

test('of bytes that are not, the last is never given: nothing looks complete that was not verified', async () => {
  const given: Buffer[] = [];
  const checksum = { algorithm: 'sha256', digest: sha256('something else') } as const;
  await assert.rejects(async () => {
    for await (const piece of verified(arriving(), checksum)) given.push(piece);
  }, ChecksumMismatch);
  assert.deepEqual(given, pieces.slice(0, 2));
});
