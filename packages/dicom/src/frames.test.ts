import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXPLICIT_LITTLE, fileMeta, identity, joined, latinBytes, writer } from '../fixtures/part10.ts';
import { headOf } from '../fixtures/reading.ts';
import { alignBits, frameLayout, frameSegments } from './frames.ts';
import type { FrameLayout } from './frames.ts';

const { element, fragments } = writer(EXPLICIT_LITTLE);
const JPEG = '1.2.840.10008.1.2.4.50';
const NATIVE = '1.2.840.10008.1.2.1';

interface Picture {
  transferSyntaxUid: string;
  frames: number;
  rows?: number;
  samples?: number;
  bits?: number;
  photometric?: string;
}

function fileOf(picture: Picture, ...last: Uint8Array[]): Uint8Array {
  const { before, after } = identity(EXPLICIT_LITTLE);
  const { transferSyntaxUid, frames, rows = 2, samples = 1, bits = 8, photometric = 'MONOCHROME2' } = picture;
  return joined([
    ...[fileMeta(transferSyntaxUid), before, after],
    element(0x00280002, 'US', [samples]),
    element(0x00280004, 'CS', photometric),
    element(0x00280008, 'IS', String(frames)),
    element(0x00280010, 'US', [rows]),
    element(0x00280011, 'US', [3]),
    element(0x00280100, 'US', [bits]),
    ...last,
  ]);
}

function layoutOf(file: Uint8Array): FrameLayout {
  const layout = frameLayout(headOf(file), (offset, length) => file.subarray(offset, offset + length));
  return JSON.parse(JSON.stringify(layout));
}

function frameBytes(file: Uint8Array, frame: number): number[] | null {
  const found = frameSegments(layoutOf(file), frame);
  if (found === null) return null;
  return found.segments.flatMap(([offset, length]) => [...file.subarray(offset, offset + length)]);
}

test('native frames follow each other', () => {
  const pixels = Uint8Array.from({ length: 24 }, (_, at) => at);
  const file = fileOf({ transferSyntaxUid: NATIVE, frames: 2, bits: 16 }, element(0x7fe00010, 'OW', pixels));
  assert.deepEqual(frameBytes(file, 2), [...pixels.subarray(12)]);
  assert.deepEqual([frameBytes(file, 0), frameBytes(file, 3), frameBytes(file, 1.5)], [null, null, null]);
});

test('subsampled colour takes two bytes a pixel', () => {
  const picture = { transferSyntaxUid: NATIVE, frames: 2, samples: 3, photometric: 'YBR_FULL_422' };
  const file = fileOf(picture, element(0x7fe00010, 'OB', new Uint8Array(24).fill(9, 12)));
  assert.deepEqual(frameBytes(file, 2), new Array(12).fill(9));
});

test('one-bit frames that start within a byte are cut out and aligned', () => {
  const file = fileOf(
    { transferSyntaxUid: NATIVE, frames: 3, bits: 1 },
    element(0x7fe00010, 'OB', Uint8Array.of(0b01_000000, 0b0011_1110, 0b11, 0)),
  );
  const second = frameSegments(layoutOf(file), 2)!;
  assert.deepEqual([second.bitOffset, second.bits, second.segments[0]![1]], [6, 6, 2]);
  assert.deepEqual([...alignBits(Uint8Array.from(frameBytes(file, 2)!), 6, 6)], [0b111001]);
  assert.deepEqual([...alignBits(Uint8Array.from(frameBytes(file, 3)!), 4, 6)], [0b110011]);
});

test('a frame the file ends in is given as far as it goes', () => {
  const whole = fileOf(
    { transferSyntaxUid: NATIVE, frames: 2 },
    element(0x7fe00010, 'OB', new Uint8Array(12)),
  );
  const file = whole.subarray(0, -2);
  assert.equal(frameSegments(layoutOf(file), 1)?.complete, true);
  const second = frameSegments(layoutOf(file), 2);
  assert.deepEqual([second?.complete, second?.segments[0]?.[1]], [false, 4]);
});

test('a number of frames beyond the bytes there are gives no frames beyond them', () => {
  const file = fileOf(
    { transferSyntaxUid: NATIVE, frames: 2_000_000_000, rows: 65535 },
    element(0x7fe00010, 'OB', new Uint8Array(12)),
  );
  const layout = layoutOf(file);
  assert.equal(layout.kind === 'native' && layout.frames, 1);
});

const SOI = latinBytes('\xff\xd8\xff\xe0');
const REST = latinBytes('rest');
const NO_TABLE = new Uint8Array(0);

function offsets(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function jpeg(frames: number, ...parts: Uint8Array[]): Uint8Array {
  return fileOf({ transferSyntaxUid: JPEG, frames }, fragments(0x7fe00010, parts));
}

test('as many fragments as frames are a frame each', () => {
  const file = jpeg(2, NO_TABLE, SOI, joined([SOI, REST]));
  assert.deepEqual(frameBytes(file, 2), [...SOI, ...REST]);
});

test('one frame takes all fragments', () => {
  assert.deepEqual(frameBytes(jpeg(1, NO_TABLE, SOI, REST), 1), [...SOI, ...REST]);
});

test('the basic offset table tells frames of several fragments apart', () => {
  const file = jpeg(2, offsets(0, 24), REST, SOI, REST);
  assert.deepEqual([frameBytes(file, 1), frameBytes(file, 2)], [[...REST, ...SOI], [...REST]]);
});

test('without a table, or with a wrong one, the start of the image tells', () => {
  for (const table of [NO_TABLE, offsets(0, 13)]) {
    const file = jpeg(2, table, SOI, REST, SOI);
    assert.deepEqual([frameBytes(file, 1), frameBytes(file, 2)], [[...SOI, ...REST], [...SOI]]);
  }
});

test('frames that cannot be told apart are not guessed at', () => {
  assert.deepEqual(layoutOf(jpeg(2, NO_TABLE, REST, REST, REST)), {
    kind: 'none',
    reason: 'frames-not-told-apart',
  });
});

test('the extended offset table makes a walk needless, unless it does not fit', () => {
  for (const [second, expected] of [
    [12n, [...REST]],
    [4000n, [...SOI]],
  ] as const) {
    const tables = [
      element(0x7fe00001, 'OV', new Uint8Array(BigUint64Array.from([0n, second]).buffer)),
      element(0x7fe00002, 'OV', new Uint8Array(BigUint64Array.from([4n, 4n]).buffer)),
    ];
    const file = fileOf(
      { transferSyntaxUid: JPEG, frames: 2 },
      ...tables,
      fragments(0x7fe00010, [NO_TABLE, SOI, second === 12n ? REST : SOI]),
    );
    assert.deepEqual(frameBytes(file, 2), expected);
  }
});

/** An extended offset table and its lengths. */
function extended(starts: (number | bigint)[], lengths: (number | bigint)[]): Uint8Array[] {
  const table = (values: (number | bigint)[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
  return [element(0x7fe00001, 'OV', table(starts)), element(0x7fe00002, 'OV', table(lengths))];
}

test('an extended offset table that lies is not believed', () => {
  const honest = fragments(0x7fe00010, [NO_TABLE, SOI, joined([SOI, REST])]);
  const lies: [starts: (number | bigint)[], lengths: (number | bigint)[]][] = [
    [
      [0, 12],
      [4, 2n ** 63n],
    ],
    [
      [0, 2n ** 64n - 1n],
      [4, 8],
    ],
    [
      [0, 0],
      [4, 8],
    ],
    [
      [12, 0],
      [8, 4],
    ],
    [
      [0, 12],
      [4, 4],
    ],
    [
      [0, 8],
      [0, 12],
    ],
  ];
  for (const [starts, lengths] of lies) {
    const file = fileOf({ transferSyntaxUid: JPEG, frames: 2 }, ...extended(starts, lengths), honest);
    assert.deepEqual(frameBytes(file, 1), [...SOI], String(starts));
    assert.deepEqual(frameBytes(file, 2), [...SOI, ...REST], String(lengths));
  }
});

test('fragments that say they reach beyond the file end with it', () => {
  const file = jpeg(2, NO_TABLE, SOI, SOI).slice();
  new DataView(file.buffer).setUint32(file.length - 8 - 4 - 4, 0xfffffff0, true);
  assert.deepEqual(frameBytes(file, 1), [...SOI]);
  const [[offset, length] = [0, 0]] = frameSegments(layoutOf(file), 2)?.segments ?? [];
  assert.ok(offset + length <= file.length);
});

test('ten thousand frames without a table are found in few reads and kept in few bytes', () => {
  const count = 10_000;
  const file = jpeg(
    count,
    NO_TABLE,
    ...Array.from({ length: count }, (_, n) => joined([SOI, new Uint8Array(2 * (n % 50))])),
  );
  let reads = 0;
  const layout = frameLayout(headOf(file), (offset, length) => {
    reads++;
    return file.subarray(offset, offset + length);
  });
  assert.equal(layout.kind !== 'none' && layout.frames, count);
  assert.ok(reads < 1_000, `${reads} reads`);
  assert.ok(JSON.stringify(layout).length < 10 * count);
  assert.deepEqual(frameSegments(layout, count)?.segments, [[file.length - 8 - 102, 102]]);
});

test('frames written down by an earlier version are found as before', () => {
  const layout: FrameLayout = {
    kind: 'fragments',
    inflated: false,
    frames: 2,
    fragments: [
      [10, 4],
      [22, 4, 34, 6],
    ],
  };
  assert.deepEqual(frameSegments(layout, 2)?.segments, [
    [22, 4],
    [34, 6],
  ]);
});

test('a fragment cut off at the end of the file is cut, its frame kept', () => {
  const file = jpeg(2, NO_TABLE, SOI, joined([SOI, REST])).subarray(0, -10);
  assert.deepEqual(frameBytes(file, 2), [...SOI, ...REST.subarray(0, 2)]);
});

test('video is one stream', () => {
  const file = fileOf(
    { transferSyntaxUid: '1.2.840.10008.1.2.4.102', frames: 25 },
    fragments(0x7fe00010, [NO_TABLE, SOI, REST]),
  );
  assert.deepEqual(frameBytes(file, 1), [...SOI, ...REST]);
  assert.equal(frameBytes(file, 2), null);
});

test('compressed pixels with a length are one frame', () => {
  const file = fileOf({ transferSyntaxUid: JPEG, frames: 1, rows: 100 }, element(0x7fe00010, 'OB', SOI));
  assert.deepEqual(frameBytes(file, 1), [...SOI]);
});

test('no pixels, no frames', () => {
  assert.deepEqual(layoutOf(fileOf({ transferSyntaxUid: NATIVE, frames: 1 })), {
    kind: 'none',
    reason: 'no-pixel-data',
  });
});
