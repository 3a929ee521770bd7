import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  fileMeta,
  identity,
  joined,
  writer,
} from '../fixtures/part10.ts';
import type { Wire } from '../fixtures/part10.ts';
import { random } from '../fixtures/chance.ts';
import { inflate, readFully } from '../fixtures/reading.ts';
import { WITHOUT_SAMPLES, sampleBytes, samples } from '../fixtures/samples.ts';
import { frameLayout, frameSegments } from './frames.ts';

const MUTATIONS = Number(process.env['MUTATIONS'] ?? 100_000);
const SEED = Number(process.env['MUTATION_SEED'] ?? 20_260_102);
/** One head takes a fraction of a millisecond; this leaves room for a busy machine and still ends a runaway. */
const LONGEST_MS = 3_000;

function synthetic(wire: Wire, transferSyntaxUid: string): Uint8Array {
  const { element, sequence, openSequence, fragments } = writer(wire);
  const { before, after } = identity(wire);
  const inner = joined([
    element(0x00080005, 'CS', '\\ISO 2022 IR 87'),
    element(0x00080104, 'LO', '\x1b$B;3\x1b(B'),
  ]);
  return joined([
    ...[fileMeta(transferSyntaxUid), element(0x00080005, 'CS', 'ISO_IR 100'), before],
    openSequence(0x00081115, [sequence(0x00081199, [inner, inner])]),
    element(0x00100010, 'PN', 'Doe^J=a=b'),
    element(0x00186020, 'FD', [1.5, NaN]),
    ...[
      after,
      element(0x00280008, 'IS', '3'),
      element(0x00280010, 'US', [4]),
      element(0x00280011, 'US', [4]),
    ],
    element(0x00280100, 'US', [16]),
    fragments(0x7fe00010, [new Uint8Array(12), ...[1, 2, 3, 4].map((n) => new Uint8Array(16).fill(n))]),
  ]);
}

/** Native pixels, private and unknown elements, an extended offset table that nobody needs. */
function native(): Uint8Array {
  const { element, sequence } = writer(EXPLICIT_LITTLE);
  const { before, after } = identity(EXPLICIT_LITTLE);
  const implicit = writer(IMPLICIT_LITTLE).element(0x00080104, 'LO', 'inside');
  return joined([
    ...[
      fileMeta('1.2.840.10008.1.2.1'),
      before,
      element(0x00081140, 'UN', sequence(0, [implicit]).subarray(12)),
    ],
    ...[element(0x00090010, 'LO', 'MAKER'), element(0x00091001, 'OB', new Uint8Array(1100)), after],
    ...[2, 8, 16, 17, 256].map((low) =>
      element(0x00280000 + low, low === 8 ? 'IS' : 'US', low === 8 ? '9' : [1]),
    ),
    element(0x7fe00001, 'OV', new Uint8Array(72)),
    element(0x7fe00002, 'OV', new Uint8Array(72)),
    element(0x7fe00010, 'OB', new Uint8Array(10)),
  ]);
}

function deflated(file: Uint8Array): Uint8Array {
  return joined([
    fileMeta('1.2.840.10008.1.2.1.99'),
    deflateRawSync(file.subarray(fileMeta('1.2.840.10008.1.2.1').length)),
  ]);
}

function originals(): Uint8Array[] {
  const made = [
    synthetic(EXPLICIT_LITTLE, '1.2.840.10008.1.2.4.50'),
    synthetic(IMPLICIT_LITTLE, '1.2.840.10008.1.2'),
    synthetic(EXPLICIT_BIG, '1.2.840.10008.1.2.2'),
    native(),
    deflated(native()),
    native().subarray(fileMeta('1.2.840.10008.1.2.1').length),
  ];
  if (WITHOUT_SAMPLES !== false) return made;
  return [
    ...made,
    ...samples()
      .map(sampleBytes)
      .filter(({ length }) => length > 200 && length < 40_000),
  ];
}

/** Lengths and tags that make trouble. */
const NASTY = [0x00, 0xff, 0x7f, 0x80, 0xfe, 0xe0, 0xdd, 0x0d, 0x1b, 0x5c, 0x53, 0x51, 0x55, 0x4e];

/** Some bytes changed, a stretch overwritten, a tail cut off or a stretch repeated. */
function mutated(original: Uint8Array, next: () => number): Uint8Array {
  const head = Math.min(original.length, 16_384);
  let bytes = original.slice();
  const changes = 1 + Math.floor(next() * 8);
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(next() * head);
    bytes[at] = next() < 0.5 ? NASTY[Math.floor(next() * NASTY.length)]! : Math.floor(next() * 256);
    if (next() < 0.2) bytes.fill(0xff, at, at + 4);
  }
  if (next() < 0.2) bytes = bytes.slice(0, Math.floor(next() * bytes.length));
  if (next() < 0.1) bytes.copyWithin(Math.floor(next() * head), Math.floor(next() * head), head);
  return bytes;
}

/** All that is done with a file that arrives. */
function understand(bytes: Uint8Array): boolean {
  const result = readFully(bytes, 4096, { inflate, maxInflatedBytes: 2 ** 24 });
  if (result.kind !== 'head') return false;
  const { head } = result;
  JSON.parse(head.json);
  for (const { offset, length } of head.bulkData) assert.ok(offset >= 0 && length >= 0);
  const layout = frameLayout(head, (offset, length) => bytes.subarray(offset, offset + length));
  for (const frame of [1, 2, 1_000_000]) {
    for (const [offset, length] of frameSegments(layout, frame)?.segments ?? []) {
      assert.ok(offset >= 0 && length >= 0);
      if (!head.encoding.deflated) assert.ok(offset + length <= bytes.length);
    }
  }
  return true;
}

test('no damage makes reading throw, loop or give anything but valid JSON', (t) => {
  const next = random(SEED);
  const files = originals();
  let taken = 0;
  let slowest = 0;
  for (let round = 0; round < MUTATIONS; round++) {
    const bytes = mutated(files[round % files.length]!, next);
    const started = performance.now();
    try {
      if (understand(bytes)) taken++;
    } catch (error) {
      throw new Error(`seed ${SEED}, round ${round}`, { cause: error });
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  t.diagnostic(
    `${MUTATIONS} mutations of ${files.length} files, ${taken} still taken, slowest ${slowest.toFixed(0)} ms`,
  );
  assert.ok(slowest < LONGEST_MS);
});
