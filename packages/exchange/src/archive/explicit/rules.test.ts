import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitsJoined, mayBeExplicit, wordsTurned } from './rules.ts';

test('what is explicit already, recordings and what cannot be told apart are not made', () => {
  const native = { kind: 'native', frames: 1 };
  assert.equal(mayBeExplicit({ transferSyntaxUid: '1.2.840.10008.1.2.1', frameLayout: native }), false);
  assert.equal(mayBeExplicit({ transferSyntaxUid: '1.2.840.10008.1.2', frameLayout: native }), true);
  assert.equal(mayBeExplicit({ transferSyntaxUid: '1.2.840.10008.1.2', frameLayout: null }), true);
  for (const frameLayout of [{ kind: 'video' }, { kind: 'none', reason: 'frames-not-told-apart' }])
    assert.equal(mayBeExplicit({ transferSyntaxUid: '1.2.840.10008.1.2.4.50', frameLayout }), false);
});

/** Bits of bytes, the lowest of each first. */
const bitsOf = (bytes: Uint8Array, count: number) =>
  Array.from({ length: count }, (_, at) => (bytes[at >> 3]! >> (at & 7)) & 1).join('');

test('frames of any number of bits follow each other without a gap', () => {
  for (const bits of [1, 3, 7, 8, 9, 16, 17, 100]) {
    const frames = Array.from({ length: 9 }, (_, frame) =>
      // Bits above those of the frame are rubbish.
      Uint8Array.from({ length: Math.ceil(bits / 8) }, (_, at) => (frame * 37 + at * 101 + 200) & 0xff),
    );
    const joined = new BitsJoined();
    const out: Uint8Array[] = frames.map((frame) => joined.add(frame, bits).slice());
    const last = joined.finish();
    const whole = Buffer.concat(last ? [...out, last] : out);
    assert.equal(whole.length, Math.ceil((bits * 9) / 8), `${bits} bits`);
    const expected = frames.map((frame) => bitsOf(frame, bits)).join('');
    assert.equal(bitsOf(whole, bits * 9), expected, `${bits} bits`);
  }
});

test('words are turned wherever a stream is cut', async () => {
  const bytes = Uint8Array.from({ length: 43 }, (_, at) => at);
  for (const word of [2, 4, 8]) {
    for (const cut of [1, 3, 5, 8, 43]) {
      const pieces = async function* () {
        for (let at = 0; at < bytes.length; at += cut) yield bytes.slice(at, at + cut);
      };
      const out: number[] = [];
      for await (const piece of wordsTurned(pieces(), word)) out.push(...piece);
      const whole = 43 - (43 % word);
      const expected = Array.from({ length: 43 }, (_, at) =>
        at < whole ? at - (at % word) + word - 1 - (at % word) : at,
      );
      assert.deepEqual(out, expected, `words of ${word} cut at ${cut}`);
    }
  }
});

test('a word that was begun outlives the memory it came in, which is lent', async () => {
  const whole = Uint8Array.from({ length: 12 }, (_, at) => at);
  async function* lent() {
    const memory = Buffer.alloc(3);
    for (let at = 0; at < whole.length; at += memory.length) {
      memory.set(whole.subarray(at, at + memory.length));
      yield memory.subarray();
    }
  }
  const out: number[] = [];
  for await (const piece of wordsTurned(lent(), 4)) out.push(...piece);
  assert.deepEqual(out, [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]);
});
