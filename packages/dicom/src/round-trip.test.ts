import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chance } from '../fixtures/chance.ts';
import { fileMeta, joined, latinBytes } from '../fixtures/part10.ts';
import { someFile } from '../fixtures/random-file.ts';
import { readFully } from '../fixtures/reading.ts';

const ROUNDS = 2_000;
test('whatever is written in any transfer syntax reads back equal, from any first prefix', () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const { bytes, json } = someFile(seed);
    const result = readFully(bytes, 1 + (seed % 300));
    assert.ok(result.kind === 'head', `seed ${seed}: ${result.kind === 'refused' && result.detail}`);
    assert.deepEqual(JSON.parse(result.head.json), json, `seed ${seed}`);
    assert.deepEqual(
      result.head.warnings.filter((warning) => !warning.startsWith('no-')),
      [],
      `seed ${seed}`,
    );
  }
});

test('cutting a file anywhere gives a head with fewer attributes or a reason', () => {
  const { bytes } = someFile(7);
  for (let length = 0; length < bytes.length; length++) {
    const result = readFully(bytes.subarray(0, length));
    assert.ok(result.kind === 'head' || result.kind === 'refused');
    if (result.kind === 'head') JSON.parse(result.head.json);
  }
});

test('bytes by chance behind the mark are a reason, never an error', () => {
  const mark = fileMeta('1.2.840.10008.1.2.1');
  for (let seed = 1; seed <= 2_000; seed++) {
    const by = chance(seed);
    const noise = Uint8Array.from({ length: by.below(400) }, () => by.below(256));
    const bytes = joined([by.once(2) ? mark : latinBytes('\x08\0'), noise]);
    assert.equal(readFully(bytes).kind, 'refused', `seed ${seed}`);
  }
});
