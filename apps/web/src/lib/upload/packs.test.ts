import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packEntries } from '@filmpost/media/pack.ts';
import { type SendableFile, filesWithin, headOf, planPacks, packWithout } from './packs.ts';

const MEBIBYTE = 1024 * 1024;

interface Described {
  path: string;
  bytes?: number;
  study?: string;
}

function files(...described: Described[]): SendableFile[] {
  return described.map(({ path, bytes = 10, study = '1.2' }, at) => ({
    at,
    studyInstanceUid: study,
    file: { path, size: bytes, bytes: new Blob([new Uint8Array(bytes)]), crc32: null, depth: 0 },
  }));
}

const headsOf = (chosen: SendableFile[]) => planPacks(chosen).map((pack) => headOf(pack, []));
const names = (chosen: SendableFile[]) => planPacks(chosen).map((pack) => pack.files.map(({ name }) => name));

test('the same files make the same packs, whatever their order and wherever the disc is mounted', () => {
  const here = files({ path: 'CD/DICOM/B' }, { path: 'CD/DICOM/A' }, { path: 'CD/DICOM/S/C' });
  const there = files({ path: 'copy/S/C' }, { path: 'copy/A' }, { path: 'copy/B' });
  assert.deepEqual(names(here), [['A', 'B', 'S/C']]);
  assert.deepEqual(headsOf(here), headsOf(there));
});

test('names begin where the folders of an exam part, and not within the name of one', () => {
  assert.deepEqual(names(files({ path: 'CD/S10/A' }, { path: 'CD/S1/A' })), [['S1/A', 'S10/A']]);
  assert.deepEqual(names(files({ path: 'CD/IM1' }, { path: 'CD/IM1/A' })), [['IM1', 'IM1/A']]);
  assert.deepEqual(names(files({ path: 'CD/S1/A' })), [['A']]);
  assert.deepEqual(names(files({ path: 'A' }, { path: 'B' })), [['A', 'B']]);
  assert.deepEqual(names(files({ path: '/A' }, { path: 'B' })), [['/A', 'B']]);
  assert.deepEqual(names(files({ path: 'CD/A', study: '1.3' }, { path: 'CD/A', study: '1.2' })), [
    ['A'],
    ['A'],
  ]);
});

test('leaving one exam out changes nothing in the packs of the others', () => {
  const disc = files(
    { path: 'CD/ST1/A', study: '1.1' },
    { path: 'CD/ST1/B', study: '1.1' },
    { path: 'CD/ST2/A', study: '1.2' },
  );
  const alone = disc.filter(({ studyInstanceUid }) => studyInstanceUid === '1.2');
  assert.deepEqual(headsOf(alone), headsOf(disc).slice(1));
});

test('an exam begins with small packs, and none holds more than 64 files or 32 MiB unless one file does', () => {
  const slices = files(
    ...Array.from({ length: 70 }, (_, i) => ({ path: `IM${String(i).padStart(3, '0')}`, bytes: MEBIBYTE })),
    { path: 'Z', bytes: 40 * MEBIBYTE },
  );
  assert.deepEqual(
    planPacks(slices).map((pack) => pack.files.length),
    [4, 8, 16, 32, 10, 1],
  );
  const tiny = files(...Array.from({ length: 130 }, (_, i) => ({ path: `IM${i}` })));
  assert.deepEqual(
    planPacks(tiny).map((pack) => pack.files.length),
    [64, 64, 2],
  );
});

test('a pack is what the server takes it for: its head and the files add up', () => {
  const [pack] = planPacks(files({ path: 'a/é🩻', bytes: 3 }, { path: 'a/b', bytes: 5 }));
  assert.ok(pack);
  const digests = ['ab'.repeat(32), 'cd'.repeat(32)];
  const head = headOf(pack, digests);
  const entries = packEntries(head, head.length + pack.size);
  assert.deepEqual(
    entries.map(({ name, size, sha256 }) => [name, size, sha256]),
    [
      ['b', 5, digests[0]],
      ['é🩻', 3, digests[1]],
    ],
  );
});

test('files count as sent once their last byte has left', () => {
  const [pack] = planPacks(files({ path: 'a', bytes: 3 }, { path: 'b', bytes: 5 }));
  assert.ok(pack);
  const at = (bytes: number) => filesWithin(pack, bytes);
  assert.deepEqual([at(2), at(3), at(7), at(8)], [0, 1, 1, 2]);
  assert.equal(filesWithin(pack, 0), 0);
});

test('a pack without what the disc does not give up keeps the names of the rest', () => {
  const [pack] = planPacks(files({ path: 'CD/S1/a' }, { path: 'CD/S2/b' }));
  assert.ok(pack);
  assert.deepEqual(
    packWithout(pack, new Set([0]))?.files.map(({ name }) => name),
    ['S2/b'],
  );
  assert.equal(packWithout(pack, new Set([0, 1])), null);
});
