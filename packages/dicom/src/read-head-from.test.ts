import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { EXPLICIT_LITTLE, fileMeta, identity, joined, writer } from '../fixtures/part10.ts';
import { headOf as headOfBytes, inflate } from '../fixtures/reading.ts';
import { frameLayout, frameSegments } from './frames.ts';
import type { Head } from './head.ts';
import { readHeadFrom } from './read-head-from.ts';
import type { ReadHeadOptions } from './reading.ts';
import { Tag } from './tags.ts';

const { element, fragments } = writer(EXPLICIT_LITTLE);
const { before, after } = identity(EXPLICIT_LITTLE);
const GIBIBYTE = 2 ** 30;

/** The header of an element with a 32-bit length. */
function headerOf(tag: number, vr: string, length: number): Uint8Array {
  const header = element(tag, vr, new Uint8Array(0));
  new DataView(header.buffer).setUint32(8, length, true);
  return header;
}

/** A file of bytes and, between them, so many zeros; counts what is read of it. */
class SparseFile {
  readonly size: number;
  bytesRead = 0;
  private readonly parts: { offset: number; bytes: Uint8Array }[] = [];

  constructor(...parts: (Uint8Array | number)[]) {
    let offset = 0;
    for (const part of parts) {
      if (typeof part !== 'number') this.parts.push({ offset, bytes: part });
      offset += typeof part === 'number' ? part : part.length;
    }
    this.size = offset;
  }

  readonly readAt = (offset: number, length: number): Uint8Array => {
    const out = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    for (const part of this.parts) {
      const [from, to] = [
        Math.max(offset, part.offset),
        Math.min(offset + out.length, part.offset + part.bytes.length),
      ];
      if (from < to) out.set(part.bytes.subarray(from - part.offset, to - part.offset), from - offset);
    }
    this.bytesRead += out.length;
    return out;
  };

  readonly read = async (offset: number, length: number): Promise<Uint8Array> => this.readAt(offset, length);
}

async function headOf(file: SparseFile, options?: ReadHeadOptions): Promise<Head> {
  const result = await readHeadFrom(file, options);
  assert.ok(result.kind === 'head', result.kind === 'refused' ? result.detail : result.kind);
  return result.head;
}

const start = joined([fileMeta('1.2.840.10008.1.2.1'), before, element(0x00100020, 'LO', 'P1'), after]);

test('of two gibibytes of pixels the first part is read', async () => {
  const pixels = 2 * GIBIBYTE;
  const file = new SparseFile(start, headerOf(0x7fe00010, 'OW', pixels), pixels);
  const head = await headOf(file);
  assert.equal(head.attributes.text(Tag.patientId), 'P1');
  assert.deepEqual([head.pixelData?.offset, head.pixelData?.length], [start.length + 12, pixels]);
  assert.ok(file.bytesRead <= 64 * 1024, `${file.bytesRead} bytes`);
});

test('long values are skipped, and what lies behind them is found where it is', async () => {
  const document = GIBIBYTE;
  const file = new SparseFile(
    ...[
      joined([fileMeta('1.2.840.10008.1.2.1'), before, headerOf(0x00191001, 'OB', 100_000_000)]),
      100_000_000,
    ],
    ...[joined([after, headerOf(0x00420011, 'OB', document)]), document],
    ...[joined([element(0x00420012, 'LO', 'application/pdf'), headerOf(0x7fe00010, 'OW', 4)]), 4],
  );
  const head = await headOf(file);
  assert.equal(head.attributes.text(0x00420012), 'application/pdf');
  assert.equal(head.attributes.text(0x00420011), '');
  assert.deepEqual(
    head.bulkData.map(({ path, length }) => [path, length]),
    [
      ['00191001', 100_000_000],
      ['00420011', document],
    ],
  );
  for (const { offset, length } of [...head.bulkData, head.pixelData!]) {
    const around = joined([file.readAt(offset - 4, 4)]);
    assert.equal(new DataView(around.buffer).getUint32(0, true), length);
  }
  assert.ok(file.bytesRead < 400_000, `${file.bytesRead} bytes`);
});

test('a head reads the same with long values left out and with all at hand', async () => {
  const long = (tag: number) =>
    element(
      tag,
      'OB',
      Uint8Array.from({ length: 200_000 }, (_, at) => at),
    );
  const body = joined([
    before,
    long(0x00191001),
    long(0x00191003),
    after,
    long(0x00420011),
    long(0x00420013),
  ]);
  const bytes = joined([fileMeta('1.2.840.10008.1.2.1'), body]);
  const file = new SparseFile(bytes);
  const [apart, whole] = [await headOf(file), headOfBytes(bytes)];
  assert.equal(apart.json, whole.json);
  assert.deepEqual(apart.bulkData, whole.bulkData);
  assert.ok(file.bytesRead < bytes.length / 2);
});

test('an extended offset table behind a long value leads to its frames', async () => {
  const frame = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  const count = 10_000;
  const numbers = (value: (index: number) => number) =>
    new Uint8Array(BigUint64Array.from({ length: count }, (_, index) => BigInt(value(index))).buffer);
  const tables = [
    element(
      0x7fe00001,
      'OV',
      numbers((index) => index * 12),
    ),
    element(
      0x7fe00002,
      'OV',
      numbers(() => 4),
    ),
  ];
  const pixels = fragments(0x7fe00010, [new Uint8Array(0), ...new Array<Uint8Array>(count).fill(frame)]);
  const meta = joined([
    fileMeta('1.2.840.10008.1.2.4.50'),
    before,
    after,
    element(0x00280008, 'IS', `${count}`),
  ]);
  const file = new SparseFile(
    ...[joined([meta, headerOf(0x00420011, 'OB', GIBIBYTE)]), GIBIBYTE, joined([...tables, pixels])],
  );
  const head = await headOf(file);
  const already = file.bytesRead;
  const layout = frameLayout(head, file.readAt);
  assert.ok(file.bytesRead - already < count * 16 + 100, 'the table spares a walk');
  assert.deepEqual(file.readAt(...frameSegments(layout, count)!.segments[0]!), frame);
});

test('a deflated data set is inflated by whoever can only do it later', async () => {
  const dataSet = joined([before, element(0x00100020, 'LO', 'P1'), after]);
  const bytes = joined([fileMeta('1.2.840.10008.1.2.1.99'), deflateRawSync(dataSet)]);
  const file = {
    size: bytes.length,
    read: async (from: number, length: number) => bytes.subarray(from, from + length),
  };
  const later = await readHeadFrom({ ...file, inflate: async (packed, most) => inflate(packed, most) });
  assert.equal(later.kind === 'head' && later.head.attributes.text(Tag.patientId), 'P1');
  const bomb = await readHeadFrom({ ...file, inflate: async (packed) => inflate(packed, 10) });
  assert.equal(bomb.kind === 'refused' && bomb.reason, 'inflate-limit');
  const unable = await readHeadFrom(file);
  assert.equal(unable.kind === 'refused' && unable.reason, 'inflate-unavailable');
});

test('a file that gives fewer bytes than its size promised ends the reading', async () => {
  const bytes = joined([start, element(0x00400275, 'LT', 'x'.repeat(60_000)), new Uint8Array(80_000)]);
  const read = async (from: number, length: number) => bytes.subarray(from, Math.min(from + length, 40_000));
  assert.equal((await readHeadFrom({ size: bytes.length, read })).kind, 'more');
});

test('what begins at hand is not fetched', async () => {
  const beginning = joined([start, headerOf(0x7fe00010, 'OW', 100)]);
  const file = new SparseFile(beginning, 100);
  const result = await readHeadFrom({ size: file.size, read: file.read, beginning });
  assert.equal(result.kind, 'head');
  assert.equal(file.bytesRead, 0);
});
