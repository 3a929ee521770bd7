import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stretchesOf } from './stretches.ts';

const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919 + (at >> 8)) & 0xff);
const blob = () => new Blob([bytes.subarray(0, 1000), bytes.subarray(1000)]);
/** As a browser has it that lends no memory to a stream. */
const onlyCopied = () => {
  const copied = blob();
  copied.stream = () => new ReadableStream();
  return copied;
};

for (const [way, made] of [
  ['into the same memory', blob],
  ['where browsers only read into their own', onlyCopied],
] as const) {
  test(`a blob comes in stretches of the lengths that are asked for, ${way}`, async () => {
    const lengths = [1, 0, 70_000, 999, 200_000];
    const seen: Buffer[] = [];
    for await (const stretch of stretchesOf(made(), lengths)) seen.push(Buffer.from(stretch));
    assert.deepEqual(
      seen.map(({ length }) => length),
      lengths,
    );
    assert.deepEqual(Buffer.concat(seen), Buffer.from(bytes.subarray(0, 271_000)));
  });

  test(`a blob that ends sooner gives what it has, ${way}`, async () => {
    const seen: number[] = [];
    for await (const { length } of stretchesOf(made(), [299_999, 5, 5])) seen.push(length);
    assert.deepEqual(seen, [299_999, 1, 0]);
  });
}

test('all stretches lie in the same memory', async () => {
  const lent: ArrayBuffer[] = [];
  for await (const { buffer } of stretchesOf(blob(), [10, 20, 30])) lent.push(buffer);
  // What was lent goes along from one stretch to the next and is gone from those before.
  assert.deepEqual(
    lent.map(({ byteLength }) => byteLength),
    [0, 0, 30],
  );
});
