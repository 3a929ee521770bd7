import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 as crc32OfNode, inflateRawSync } from 'node:zlib';
import { type ZipContent, type ZipTraits, aZip } from '@filmpost/tests/world/archives/zip.ts';
import type { ByteSource } from './byte-source.ts';
import type { ContainedFile } from './contained-file.ts';
import { crc32 } from './crc32.ts';
import { containerKind } from './recognise.ts';
import { UnreadableContainer } from './refusals.ts';
import { listZip } from './zip-listing.ts';

/** A source that counts what is read of it. */
function sourceOf(bytes: Uint8Array): ByteSource & { bytesRead: number } {
  const source = {
    size: bytes.length,
    bytesRead: 0,
    read: async (offset: number, length: number) => {
      const piece = new Uint8Array(bytes.subarray(offset, offset + length));
      source.bytesRead += piece.length;
      return piece;
    },
  };
  return source;
}

/** What a reader would get out of a file. */
function content(archive: Uint8Array, { extents, deflated }: ContainedFile): Buffer {
  const packed = Buffer.concat(
    extents.map(({ offset, length }) => archive.subarray(offset, offset + length)),
  );
  return deflated ? inflateRawSync(packed) : packed;
}

const a = Buffer.from('one '.repeat(500));
const b = Buffer.from('two '.repeat(700));

async function refusalOf(contents: ZipContent[], traits?: ZipTraits): Promise<string | null> {
  try {
    const [first] = await listZip(sourceOf(aZip(contents, traits)));
    return first?.refusal ?? null;
  } catch (error) {
    assert.ok(error instanceof UnreadableContainer, String(error));
    return error.reason;
  }
}

const shapes: [string, Partial<ZipContent>, ZipTraits][] = [
  ['stored', {}, {}],
  ['deflated', { deflated: true }, {}],
  ['with its sizes behind the data', { deflated: true, descriptor: true }, {}],
  ['with ZIP64 fields', { zip64: true }, { zip64: true }],
  ['with a comment', {}, { comment: 'made by PK\x05\x06 somebody' }],
  ['behind a self-extractor', {}, { before: Buffer.from('MZ and so on') }],
  ['behind a self-extractor, with ZIP64', { zip64: true }, { zip64: true, before: Buffer.from('MZ') }],
];
for (const [name, traits, whole] of shapes) {
  test(`a ZIP ${name} is listed, and its bytes are where the list says`, async () => {
    const archive = aZip(
      [
        { name: 'DICOM/', bytes: Buffer.alloc(0) },
        { name: 'DICOM/A', bytes: a, ...traits },
        { name: 'b', bytes: b, ...traits },
      ],
      whole,
    );
    const files = await listZip(sourceOf(archive));
    assert.deepEqual(
      files.map(({ path, size, refusal }) => [path, size, refusal]),
      [
        ['DICOM/A', a.length, null],
        ['b', b.length, null],
      ],
    );
    assert.deepEqual(
      files.map((file) => content(archive, file)),
      [a, b],
    );
    assert.deepEqual(
      files.map((file) => file.crc32),
      [crc32OfNode(a), crc32OfNode(b)],
    );
  });
}

test('names are UTF-8 where they can be nothing else, and code page 437 otherwise', async () => {
  const files = await listZip(
    sourceOf(
      aZip([
        { name: 'Bilder/Schädel', bytes: a },
        { name: Buffer.from('Schädel', 'utf8'), bytes: a },
        { name: Buffer.from([0x53, 0x84, 0x65]), bytes: a },
      ]),
    ),
  );
  assert.deepEqual(
    files.map(({ path }) => path),
    ['Bilder/Schädel', 'Schädel', 'Säe'],
  );
});

test('entries that are locked, packed otherwise, links, bombs or lies are refused one by one', async () => {
  const huge = 200 * 1024 * 1024;
  const one = (lies: ZipContent['lies'], deflated = true) =>
    refusalOf([{ name: 'x', bytes: a, deflated, lies }]);
  assert.equal(await one({ flags: 1 }), 'archive-encrypted');
  assert.equal(await one({ method: 99 }), 'archive-encrypted');
  assert.equal(await one({ method: 9 }), 'archive-method');
  assert.equal(await one({ mode: 0xa1ff }), 'archive-link');
  assert.equal(await refusalOf([{ name: '../../etc/passwd', bytes: a }]), 'archive-name');
  assert.equal(await one({ size: huge }), 'archive-bomb');
  assert.equal(await one({ size: a.length - 1 }, false), 'archive-damaged');
  assert.equal(await one({ packedSize: huge, size: huge }, false), 'archive-damaged');
  assert.equal(await one({ offset: 7 }), 'archive-damaged');
  assert.equal(await one({}), null);
});

test('an entry of ten megabytes may be as dense as it likes, a larger one not', async () => {
  const size = 10 * 1024 * 1024;
  assert.equal(await refusalOf([{ name: 'x', bytes: Buffer.alloc(size), deflated: true }]), null);
  assert.equal(
    await refusalOf([{ name: 'x', bytes: Buffer.alloc(size + 1), deflated: true }]),
    'archive-bomb',
  );
});

test('archives in parts, cut off, with a damaged table or overlapping files are refused whole', async () => {
  const entry = { name: 'x', bytes: a };
  assert.equal(await refusalOf([entry], { disk: 2 }), 'zip-spanned');
  const twice = [entry, { ...entry, name: 'y', lies: { offset: 0 } }];
  assert.equal(await refusalOf(twice), 'zip-overlap');
  const archive = aZip([entry, { ...entry, name: 'z' }]);
  const reasonOf = (bytes: Uint8Array) =>
    listZip(sourceOf(bytes)).then(
      () => null,
      (error: unknown) => error instanceof UnreadableContainer && error.reason,
    );
  assert.equal(await reasonOf(archive.subarray(0, archive.length - 30)), 'zip-cut-off');
  const missing = Buffer.from(archive);
  missing.writeUInt32LE(0, archive.lastIndexOf('PK\x01\x02', undefined, 'latin1'));
  assert.equal(await reasonOf(missing), 'zip-broken');
  assert.equal(await reasonOf(Buffer.concat([archive, Buffer.from('appended by a download')])), null);
});

test('an archive that claims too many files or too much is refused before it is walked', async () => {
  const many = aZip([{ name: 'x', bytes: a }], { zip64: true });
  many.writeBigUInt64LE(300_000n, many.indexOf('PK\x06\x06', undefined, 'latin1') + 32);
  many.writeBigUInt64LE(300_000n, many.indexOf('PK\x06\x06', undefined, 'latin1') + 24);
  await assert.rejects(listZip(sourceOf(many)), { reason: 'archive-too-many' });
  const lies = { size: 2 ** 41, packedSize: 2 ** 41 };
  await assert.rejects(listZip(sourceOf(aZip([{ name: 'x', bytes: a, zip64: true, lies }]))), {
    reason: 'archive-too-large',
  });
});

test('a large archive is listed without reading what is in it', async () => {
  const big = Buffer.alloc(512 * 1024, 7);
  const archive = aZip(Array.from({ length: 40 }, (_, i) => ({ name: `IM${i}`, bytes: big })));
  const source = sourceOf(archive);
  assert.equal((await listZip(source)).length, 40);
  assert.ok(source.bytesRead < archive.length / 4, `${source.bytesRead} of ${archive.length} read`);
});

test('every cut and every flipped byte of an archive ends in a list or a refusal', async () => {
  const archive = aZip([
    { name: 'a', bytes: a, deflated: true },
    { name: 'b', bytes: b },
  ]);
  const judge = (bytes: Uint8Array) =>
    listZip(sourceOf(bytes)).catch((error: unknown) => {
      if (!(error instanceof UnreadableContainer)) throw error;
    });
  for (let cut = 0; cut < archive.length; cut += 3) await judge(archive.subarray(0, cut));
  for (let at = archive.length - 150; at < archive.length; at++) {
    for (const value of [0, 0x7f, 0xff]) {
      const bent = Buffer.from(archive);
      bent[at] = value;
      await judge(bent);
    }
  }
});

test('CRC-32 is that of everybody else, in pieces as in one', () => {
  const bytes = Buffer.from(Array.from({ length: 1001 }, (_, i) => (i * 7919) & 0xff));
  assert.equal(crc32(bytes), crc32OfNode(bytes));
  assert.equal(crc32(bytes.subarray(13), crc32(bytes.subarray(0, 13))), crc32OfNode(bytes));
});

test('containers are told by content', () => {
  const at = (offset: number, mark: string) => {
    const bytes = Buffer.alloc(64 * 1024);
    bytes.write(mark, offset, 'latin1');
    return containerKind(bytes);
  };
  assert.equal(containerKind(aZip([])), 'zip');
  assert.equal(at(32769, 'CD001'), 'disc-image');
  assert.equal(at(32769, 'BEA01'), 'disc-image');
  assert.equal(at(0, 'Rar!\x1a\x07\x01\0'), 'other');
  assert.equal(at(0, `\0${'\xff'.repeat(10)}\0`), 'raw-image');
  assert.equal(at(128, 'DICM'), null);
});
