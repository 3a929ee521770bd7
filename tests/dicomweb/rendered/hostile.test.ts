import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameSegments } from '@filmpost/dicom/frames.ts';
import { NoPicture, type RefusalReason } from '@filmpost/imaging/rendering.ts';
import { PLAIN, drawn, pictureOf } from './drawn.ts';
import { WITHOUT_SAMPLES, sampleImages } from './sample-images.ts';
import { bytesOf, smallImage } from './small-images.ts';

const JPEG_2000 = '1.2.840.10008.1.2.4.90';
const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const RLE = '1.2.840.10008.1.2.5';
const ONE_BYTE = { BitsAllocated: 8, SamplesPerPixel: 1 };

const because =
  (...reasons: RefusalReason[]) =>
  (error: unknown) => {
    assert.ok(error instanceof NoPicture, String(error));
    assert.ok(reasons.includes(error.reason), `${error.reason} is none of ${reasons.join()}`);
    return true;
  };

/** The main header of a JPEG 2000 of one component and eight bits, and nothing after it (ISO/IEC 15444-1 annex A). */
function jpeg2000Head(columns: number, rows: number): Buffer {
  const siz = Buffer.alloc(43);
  siz.set([0xff, 0x4f, 0xff, 0x51, 0, 41]);
  for (const [at, number] of [columns, rows, 0, 0, columns, rows, 0, 0].entries())
    siz.writeUInt32BE(number, 8 + at * 4);
  siz.writeUInt16BE(1, 40);
  siz[42] = 7;
  const rest = [
    1,
    1,
    0xff,
    0x52,
    0,
    12,
    0,
    0,
    0,
    1,
    0,
    5,
    4,
    4,
    0,
    1,
    0xff,
    0x5c,
    0,
    19,
    0x40,
    ...Array<number>(16).fill(0x40),
  ];
  return Buffer.concat([siz, Buffer.from(rest), Buffer.from('ff90000a0000000000000001ff93', 'hex')]);
}

const compressed = (transferSyntaxUid: string, fragment: Uint8Array, more = {}) =>
  smallImage(new Uint8Array(2), {
    transferSyntaxUid,
    fragments: [fragment],
    attributes: { ...ONE_BYTE, Rows: 512, Columns: 512, ...more },
  });

test('sizes that the bytes do not bear out are refused before anything is allocated', async () => {
  const huge = { Rows: 65535, Columns: 65535, BitsAllocated: 16 };
  const eight = bytesOf.u8(1, 2, 3, 4, 5, 6, 7, 8);
  await assert.rejects(drawn(smallImage(eight, { attributes: huge })), because('too-large', 'damaged'));
  await assert.rejects(drawn(compressed(RLE, eight, huge)), because('too-large'));
  const large = { ...ONE_BYTE, Rows: 15_000, Columns: 15_000 };
  await assert.rejects(drawn(smallImage(eight, { attributes: large })), because('damaged'));
  await assert.rejects(
    drawn(smallImage(eight, { attributes: { ...ONE_BYTE, Rows: 0 } })),
    because('no-pixels'),
  );
});

test('codestreams that are larger than DICOM says are refused unread', async () => {
  for (const side of [513, 60_000, 2 ** 31]) {
    await assert.rejects(
      drawn(compressed(JPEG_2000, jpeg2000Head(side, side))),
      because('damaged'),
      String(side),
    );
  }
});

test('a picture of which only the announcement is there costs what it announces and no more', async () => {
  const side = 15_000;
  const file = compressed(JPEG_2000, jpeg2000Head(side, side), { Rows: side, Columns: side });
  await assert.rejects(drawn(file), because('damaged', 'died', 'too-slow'));
});

test('frames that are cut off are no pictures, whatever compresses them', async () => {
  const good = await pictureOf(
    smallImage(
      new Uint8Array(64 * 64).map((_, at) => at * 31),
      {
        attributes: { ...ONE_BYTE, Rows: 64, Columns: 64 },
      },
    ),
    { ...PLAIN, type: 'image/jpeg' },
  );
  const size = { Rows: 64, Columns: 64 };
  assert.equal((await drawn(compressed(JPEG_BASELINE, good.bytes, size))).columns, 64);
  const half = good.bytes.subarray(0, good.bytes.length / 2);
  await assert.rejects(drawn(compressed(JPEG_BASELINE, half, size)), because('damaged'));
  for (const syntax of [JPEG_2000, JPEG_LS, RLE, JPEG_BASELINE]) {
    for (const bytes of [
      new Uint8Array(2),
      bytesOf.u8(0xff, 0xd8, 0xff, 0xff),
      new Uint8Array(200).fill(0xff),
    ])
      await assert.rejects(drawn(compressed(syntax, bytes)), because('damaged'));
  }
});

test('what is no DICOM at all is no picture', async () => {
  await assert.rejects(pictureOf(new Uint8Array(0)), because('damaged'));
  await assert.rejects(pictureOf(new Uint8Array(5000).fill(65)), because('damaged'));
});

/** Numbers from 0 to 1 by chance, the same in every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(
  'compressed frames mutated by chance give a picture or a reason, and memory stays flat',
  { skip: WITHOUT_SAMPLES },
  async (t) => {
    const random = chance(7);
    const small = [...sampleImages()].filter(
      ({ layout, bytes }) => layout.kind === 'fragments' && bytes.length < 400_000,
    );
    const before = process.memoryUsage.rss();
    const outcomes: Record<string, number> = {};
    let slowest = 0;
    for (let round = 0; round < 300; round++) {
      const { bytes, layout } = small[round % small.length]!;
      const mutated = bytes.slice();
      const [from = 0, length = 0] = frameSegments(layout, 1)?.segments[0] ?? [];
      // The beginning, where sizes and tables are, more often than the middle.
      const reach = random() < 0.5 ? Math.min(200, length) : length;
      for (let i = 0; i < 1 + random() * 8; i++)
        mutated[from + Math.floor(random() * reach)] = random() * 256;
      const started = performance.now();
      const outcome = await drawn(mutated).then(
        () => 'picture',
        ({ reason }: NoPicture) => reason,
      );
      slowest = Math.max(slowest, performance.now() - started);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    t.diagnostic(
      `${JSON.stringify(outcomes)}, slowest ${slowest.toFixed(0)} ms, grown by ${grown.toFixed(0)} MiB`,
    );
    assert.ok(
      Object.keys(outcomes).every((each) => each !== 'undefined'),
      JSON.stringify(outcomes),
    );
    assert.ok(slowest < 25_000);
    assert.ok(grown < 150, `${grown} MiB`);
    assert.equal((await drawn(small[0]!.bytes)).rows > 0, true, 'the next picture is drawn');
  },
);
