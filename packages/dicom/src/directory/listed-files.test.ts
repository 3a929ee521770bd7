import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chance } from '../../fixtures/chance.ts';
import { aSlice } from '../../fixtures/data-sets.ts';
import { EXPLICIT_LITTLE, fileMeta, joined, writer } from '../../fixtures/part10.ts';
import { WITHOUT_SAMPLES, samplePath, samples } from '../../fixtures/samples.ts';
import { FileSet } from './file-set.ts';
import { listedFiles } from './listed-files.ts';

const { element, sequence } = writer(EXPLICIT_LITTLE);

function aDicomdir(count: number): Uint8Array {
  const fileSet = new FileSet();
  for (let place = 1; place <= count; place++) fileSet.add(aSlice(place));
  return fileSet.dicomdir({ fileSetId: 'IMAGES', sopInstanceUid: '2.25.9' });
}

/** A DICOMDIR with records as they are given, and links that lead nowhere. */
function directoryOf(records: { type: string; fileId: string; inUse?: number }[]): Uint8Array {
  const items = records.map(({ type, fileId, inUse = 0xffff }, at) =>
    joined([
      element(0x00041400, 'UL', [0xfffffff0]),
      element(0x00041410, 'US', [inUse]),
      element(0x00041420, 'UL', [4]),
      element(0x00041430, 'CS', type),
      element(0x00041500, 'CS', fileId),
      element(0x00041511, 'UI', `2.25.${at}`),
    ]),
  );
  return joined([
    fileMeta('1.2.840.10008.1.2.1'),
    element(0x00041200, 'UL', [4]),
    sequence(0x00041220, items),
  ]);
}

test('lists the instances of a DICOMDIR, with places and names', () => {
  assert.deepEqual(listedFiles(aDicomdir(2)), [
    { path: 'IMAGES/DICOMS/IM1', sopInstanceUid: '2.25.10001' },
    { path: 'IMAGES/DICOMS/IM2', sopInstanceUid: '2.25.10002' },
  ]);
});

test('takes records that no link leads to, but none that is out of use or names no instance of a patient', () => {
  const found = listedFiles(
    directoryOf([
      { type: 'IMAGE', fileId: 'A\\B' },
      { type: 'IMAGE', fileId: 'GONE', inUse: 0 },
      { type: 'SERIES', fileId: 'S1\\DIRFILE' },
      { type: 'PRIVATE', fileId: 'LOGO.BMP' },
      { type: 'HANGING PROTOCOL', fileId: 'HP' },
      { type: 'SR DOCUMENT', fileId: ' REPORT ' },
      { type: 'IMAGE', fileId: '' },
      { type: 'IMAGE', fileId: '..\\..\\ETC\\PASSWD' },
    ]),
  );
  assert.deepEqual(
    found.map(({ path }) => path),
    ['A/B', 'REPORT', '../../ETC/PASSWD'],
  );
});

test('a path that no medium can have is cut short', () => {
  const [deep] = listedFiles(
    directoryOf([{ type: 'IMAGE', fileId: Array(5000).fill('AAAAAAAA').join('\\') }]),
  );
  assert.equal(deep?.path, Array(16).fill('AAAAAAAA').join('/'));
  const [long] = listedFiles(directoryOf([{ type: 'IMAGE', fileId: 'A'.repeat(60_000) }]));
  assert.equal(long?.path.length, 255);
});

test('of a beginning it lists what that lists, and of something else nothing', () => {
  const whole = aDicomdir(40);
  const half = listedFiles(whole.subarray(0, whole.length / 2));
  assert.ok(half.length > 10 && half.length < 40);
  assert.deepEqual(half, listedFiles(whole).slice(0, half.length));
  for (const bytes of [new Uint8Array(), new Uint8Array(200), Buffer.from('x'.repeat(999))])
    assert.deepEqual(listedFiles(new Uint8Array(bytes)), []);
});

test('more records than any disc has end the reading, not the reader', () => {
  const one = { type: 'IMAGE', fileId: 'A' };
  const { length } = listedFiles(directoryOf(Array(200_000).fill(one)));
  assert.ok(length > 100_000 && length < 200_000, String(length));
});

test('whatever became of a DICOMDIR, reading it ends with a list', () => {
  const whole = aDicomdir(12);
  const { below, once } = chance(20_261_129);
  for (let round = 0; round < 4000; round++) {
    const bytes = once(5) ? whole.slice(0, below(whole.length)) : whole.slice();
    for (let change = below(8); change >= 0; change--) bytes[below(bytes.length)] = below(256);
    for (const { path } of listedFiles(bytes)) assert.ok(path.length <= 255);
  }
});

const directories = samples().filter((sample) => sample.class === 'dicomdir' && sample['dicomdir']);
test('lists what pydicom finds in real ones', { skip: WITHOUT_SAMPLES }, () => {
  assert.ok(directories.length > 10);
  for (const sample of directories) {
    const { records, refs_sample: some } = sample['dicomdir'] as {
      records: Record<string, number>;
      refs_sample: string[];
    };
    const found = listedFiles(new Uint8Array(readFileSync(samplePath(sample))));
    assert.equal(found.length, records['IMAGE'] ?? 0, sample.path);
    if (found.length > 0)
      assert.deepEqual(
        found.slice(0, some.length).map(({ path }) => path),
        some,
        sample.path,
      );
  }
});
