import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EntryOutOfStep, ImpossibleRange, lastNotAfter, layoutBytes, segments } from './layout.ts';
import type { Layout, Segment } from './layout.ts';

const bytes = (text: string): Segment => ({ kind: 'bytes', bytes: Buffer.from(text) });
const contents = ['one', 'three '.repeat(20)];
const parts: Segment[] = [
  bytes('<'),
  bytes('head>'),
  { kind: 'entry', index: 0, offset: 0, length: 3 },
  bytes('-'),
  { kind: 'entry', index: 1, offset: 0, length: 120 },
  bytes('</head>'),
];
const whole = '<head>one-' + contents[1] + '</head>';

function layoutOf(all: readonly Segment[]): Layout {
  const size = all.reduce((sum, part) => sum + (part.kind === 'bytes' ? part.bytes.length : part.length), 0);
  return {
    size,
    *pieces() {
      let at = 0;
      for (const segment of all) {
        yield { at, segment };
        at += segment.kind === 'bytes' ? segment.bytes.length : segment.length;
      }
    },
  };
}

const layout = layoutOf(parts);

function* contentOf(index: number, offset: number, length: number): Iterable<Uint8Array> {
  const content = Buffer.from(contents[index] ?? '').subarray(offset, offset + length);
  yield content.subarray(0, 1);
  yield content.subarray(1);
}

async function textOf(...args: Parameters<typeof layoutBytes>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of layoutBytes(...args)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a layout', () => {
  test('gives every range as the whole has it', async () => {
    assert.equal(await textOf(layout, contentOf), whole);
    for (let start = 0; start <= layout.size; start += 3)
      for (let end = start; end <= layout.size; end += 7)
        assert.equal(await textOf(layout, contentOf, { start, end }), whole.slice(start, end));
  });

  test('joins made-up bytes that lie side by side', () => {
    assert.deepEqual(
      [...segments(layout)].map(({ kind }) => kind),
      ['bytes', 'entry', 'bytes', 'entry', 'bytes'],
    );
  });

  test('does not read past what was asked for', () => {
    const read: number[] = [];
    for (const segment of segments(layout, { start: 0, end: 9 }))
      if (segment.kind === 'entry') read.push(segment.index);
    assert.deepEqual(read, [0]);
  });

  test('refuses ranges that are none', () => {
    for (const range of [
      { start: -1, end: 2 },
      { start: 3, end: 2 },
      { start: 0, end: layout.size + 1 },
      { start: 0.5, end: 2 },
      { start: 0, end: NaN },
    ])
      assert.throws(() => segments(layout, range), ImpossibleRange);
  });

  test('stops when a file is shorter or longer than planned, before another takes its place', async () => {
    await assert.rejects(
      textOf(layout, () => [Buffer.from('on')]),
      EntryOutOfStep,
    );
    await assert.rejects(
      textOf(layout, () => [Buffer.from('ones')]),
      EntryOutOfStep,
    );
  });
});

test('the last start that is not after a position is found', () => {
  const starts = [0, 10, 10, 30];
  const found = (position: number) => lastNotAfter(position, starts.length, (index) => starts[index] ?? 0);
  assert.deepEqual([0, 9, 10, 29, 30, 99].map(found), [0, 0, 2, 2, 3, 3]);
  assert.equal(
    lastNotAfter(5, 0, () => 0),
    0,
  );
});
