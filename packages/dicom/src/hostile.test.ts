import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { HOSTILE } from '../fixtures/hostile.ts';
import { readFully } from '../fixtures/reading.ts';
import { JsonTooLong } from './json.ts';

const MEBIBYTE = 2 ** 20;
const THREAD = new URL('../fixtures/understanding-thread.ts', import.meta.url);
/** Some are understood within a few milliseconds, none takes a second on an idle machine. */
const LONGEST_MS = 10_000;

for (const shape of Object.keys(HOSTILE))
  test(`two mebibytes of ${shape} are read in bounded memory and time`, async (t) => {
    const thread = new Worker(THREAD, {
      workerData: { shape, size: 2 * MEBIBYTE },
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 32 },
    });
    const [{ verdict, milliseconds }] = await once(thread, 'message');
    await thread.terminate();
    t.diagnostic(`${verdict} after ${milliseconds.toFixed(0)} ms`);
    assert.ok(milliseconds < LONGEST_MS);
  });

test('a caller in a hurry bounds elements and values, and is told so', () => {
  const options = { maxElements: 10_000, maxValueBytes: 100_000 };
  for (const shape of ['empty elements', 'empty items', 'items of one letter', 'short decimals']) {
    const result = readFully(HOSTILE[shape]!(MEBIBYTE), MEBIBYTE, options);
    assert.equal(result.kind === 'refused' && result.reason, 'too-large-header', shape);
  }
});

test('metadata longer than its reader takes is not written to its end', () => {
  const result = readFully(HOSTILE['control characters']!(MEBIBYTE), MEBIBYTE, {
    maxJsonLength: 2 * MEBIBYTE,
  });
  assert.ok(result.kind === 'head');
  assert.throws(() => result.head.json, JsonTooLong);
});
