import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ImageKind,
  discImageOf,
  emptyUdf,
  hasProgram,
  udfImageOf,
  writerOf,
} from '@filmpost/tests/world/archives/disc-image.ts';
import { aUdf } from '@filmpost/tests/world/archives/udf.ts';
import { discFolder } from '@filmpost/tests/world/dicom/disc-folder.ts';
import type { ByteSource } from './byte-source.ts';
import type { ContainedFile } from './contained-file.ts';
import { listDiscImage } from './disc-image-listing.ts';
import { listUdf } from './udf-listing.ts';
import { UnreadableContainer } from './refusals.ts';

const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
});

const contentOf = (image: Uint8Array, { extents }: ContainedFile) =>
  Buffer.concat(extents.map(({ offset, length }) => image.subarray(offset, offset + length))).toString();

const files: Record<string, string> = {
  'DICOM/ST1/IM1': 'first',
  'DICOM/ST1/IM2': 'x'.repeat(5000),
  'DICOM/ST2/IM1': 'another',
  EMPTY: '',
  'Bilder vom Schädel, groß/Aufnahme 1.dcm': 'long name',
};
for (let i = 0; i < 120; i++) files[`MANY/IM${String(i).padStart(5, '0')}`] = `slice ${i}`;

const folder = () =>
  discFolder({
    files: Object.entries(files).map(([path, text]) => ({
      path,
      pathOnDisk: path,
      bytes: Buffer.from(text),
    })),
  });

async function contentsOf(
  image: Uint8Array,
  list: (source: ByteSource) => Promise<ContainedFile[] | null> = listDiscImage,
): Promise<Record<string, string>> {
  const listed = (await list(sourceOf(image))) ?? [];
  assert.deepEqual(
    listed.filter(({ refusal }) => refusal),
    [],
  );
  return Object.fromEntries(listed.map((file) => [file.path, contentOf(image, file)]));
}

const kinds: ImageKind[] = ['joliet', 'bridge'];
for (const kind of kinds) {
  const skip = !hasProgram(writerOf(kind)) && `${writerOf(kind)} is not installed`;
  test(`a ${kind} image is read in place, name by name and byte by byte`, { skip }, async () => {
    await using disc = await folder();
    assert.deepEqual(await contentsOf(discImageOf(disc.directory, kind)), files);
  });
}

test(
  'an image without long names has the same bytes under short ones',
  { skip: !hasProgram('xorriso') && 'xorriso is not installed' },
  async () => {
    await using disc = await folder();
    const contents = await contentsOf(discImageOf(disc.directory, 'plain'));
    assert.deepEqual(Object.values(contents).sort(), Object.values(files).sort());
    assert.equal(contents['DICOM/ST1/IM1'], 'first');
  },
);

const noBridge = !hasProgram('genisoimage') && 'genisoimage is not installed';
test('a disc that is UDF only is read', { skip: noBridge }, async () => {
  await using disc = await folder();
  assert.deepEqual(await contentsOf(udfImageOf(disc.directory)), files);
});

test('of a bridge disc the UDF half is the same as the other', { skip: noBridge }, async () => {
  await using disc = await folder();
  const image = discImageOf(disc.directory, 'bridge');
  assert.deepEqual(await contentsOf(image, listUdf), files);
});

const noUdf = !hasProgram('mkudffs') && 'mkudffs is not installed';
for (const [medium, revision] of [
  ['hd', '1.02'],
  ['cdr', '1.50'],
  ['cdr', '2.01'],
  ['cdrw', '1.50'],
  ['cdrw', '2.01'],
  ['dvdram', '2.01'],
]) {
  test(`an empty ${medium} formatted as UDF ${revision} is read as empty`, { skip: noUdf }, async () => {
    const listed = await listUdf(sourceOf(emptyUdf(medium ?? '', revision ?? '')));
    assert.deepEqual(
      listed?.filter(({ path }) => !path.startsWith('lost+found')),
      [],
    );
  });
}

const odd = {
  'DICOM/IM1': Buffer.from('small, within its entry'),
  'DICOM/IM2': Buffer.from(Array.from({ length: 9001 }, (_, at) => (at * 31) & 0xff)),
  'Schädel 🩻.dcm': Buffer.from('a name of two bytes a letter'),
  EMPTY: Buffer.alloc(0),
};
for (const kind of ['plain', 'metadata', 'virtual'] as const) {
  test(`UDF with a ${kind} partition, files in pieces and files within their entries`, async () => {
    const image = aUdf(kind, odd);
    const listed = (await listDiscImage(sourceOf(image))) ?? [];
    const contents = listed.map((file) => [file.path, file.refusal, contentOf(image, file)]);
    const expected = Object.entries(odd).map(([path, bytes]) => [path, null, bytes.toString()]);
    assert.deepEqual(contents.sort(), expected.sort());
  });
}

test(
  'every cut and every flipped byte of an image ends in a list or a sentence',
  { skip: noBridge },
  async () => {
    await using disc = await folder();
    const image = discImageOf(disc.directory, 'bridge');
    const judge = (bytes: Uint8Array) =>
      listDiscImage(sourceOf(bytes)).catch((error: unknown) => {
        if (!(error instanceof UnreadableContainer)) throw error;
      });
    for (let cut = 16 * 2048; cut < image.length; cut += 10_007) await judge(image.subarray(0, cut));
    let random = 1;
    for (let i = 0; i < 400; i++) {
      random = (random * 48271) % 0x7fffffff;
      const bent = Buffer.from(image);
      const sector = i % 2 === 0 ? 16 + (random % 20) : 256 + (random % 60);
      for (let j = 0; j < 4; j++) bent[sector * 2048 + ((random >> j) % 512)] = (random >> (j + 3)) & 0xff;
      await judge(bent);
    }
  },
);

const noXorriso = !hasProgram('xorriso') && 'xorriso is not installed';
test('files that the image no longer holds are named and refused', { skip: noXorriso }, async () => {
  await using disc = await folder();
  const image = discImageOf(disc.directory, 'joliet');
  const whole = await listDiscImage(sourceOf(image));
  const last = Math.max(...whole.flatMap(({ extents }) => extents.map(({ offset }) => offset)));
  const listed = await listDiscImage(sourceOf(image.subarray(0, last + 1)));
  assert.equal(listed.length, whole.length);
  assert.deepEqual(
    listed.filter(({ refusal }) => refusal).map(({ refusal }) => refusal),
    ['image-cut-off'],
  );
});

test('a file whose name points out of the image is refused, and the others are listed', async () => {
  const image = aUdf('plain', { '../IM1': Buffer.from('out'), IM2: Buffer.from('in') });
  const listed = await listDiscImage(sourceOf(image));
  assert.deepEqual(Object.fromEntries(listed.map(({ path, refusal }) => [path, refusal])), {
    '../IM1': 'archive-name',
    IM2: null,
  });
});
