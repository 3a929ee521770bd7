import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SECTOR, bytesOf, contents, files, longPathOf, volume } from '../../fixtures/disc.ts';
import { readTree } from '../../fixtures/iso.ts';
import { segments } from '../layout.ts';
import { listDiscImage } from '../reading/disc-image-listing.ts';
import { planIso } from './iso.ts';
import type { IsoPlan } from './iso.ts';

const plan = planIso(files, volume);
const image = bytesOf(plan);

describe('an ISO image', () => {
  test('is exactly as long as its plan says, and whole sectors', () => {
    assert.equal(image.length, plan.size);
    assert.equal(plan.size, plan.sectors * SECTOR);
    assert.equal(readTree(image, 0).sectors, plan.sectors);
  });

  test('gives any range as the whole has it', () => {
    for (let step = 0; step < 500; step++) {
      const start = (step * 7919) % (plan.size + 1);
      const end = start + ((step * 104_729) % (plan.size - start + 1));
      assert.ok(bytesOf(plan, { start, end }).equals(image.subarray(start, end)), `bytes ${start} to ${end}`);
    }
  });

  test('is the same bytes every time and in any time zone', (t) => {
    const zone = process.env.TZ;
    t.after(() => (zone === undefined ? delete process.env.TZ : (process.env.TZ = zone)));
    process.env.TZ = 'Pacific/Auckland';
    assert.ok(bytesOf(planIso(files, volume)).equals(image));
  });

  test('sorts the names of a folder as drivers expect', () => {
    const all = readTree(image, 0).entries.map(({ path }) => path);
    const within = all.filter((path) => path.startsWith('IMAGES/DICOMS/'));
    assert.deepEqual(within, ['IMAGES/DICOMS/IM1', 'IMAGES/DICOMS/IM10', 'IMAGES/DICOMS/IM2']);
  });

  test('is read back by what reads the discs people hand in', async () => {
    const source = {
      size: image.length,
      read: async (offset: number, length: number) =>
        Uint8Array.from(image.subarray(offset, offset + length)),
    };
    const found = await listDiscImage(source);
    assert.equal(found.length, files.length);
    for (const [path, content] of Object.entries(contents)) {
      const file = found.find((each) => each.path === longPathOf(path));
      const parts = file?.extents.map(({ offset, length }) => image.subarray(offset, offset + length));
      assert.ok(parts && Buffer.concat(parts).equals(content), path);
    }
  });

  test('of nothing is still an image', () => {
    const empty = readTree(bytesOf(planIso([], volume)), 0);
    assert.deepEqual([empty.entries, empty.pathTables.little.length], [[], 1]);
  });
});

for (const [descriptor, names, publisher] of [
  [0, 'level 1', 'CLINIQUE SAINT-ETIENNE'],
  [1, 'Joliet', 'Clinique Saint-Étienne'],
] as const)
  describe(`the ${names} tree`, () => {
    const tree = readTree(image, descriptor);
    const nameOf = descriptor === 0 ? (path: string) => path : longPathOf;

    test('leads to every file', () => {
      const found = tree.entries.filter((entry) => !entry.folder);
      assert.equal(found.length, files.length);
      for (const [path, content] of Object.entries(contents)) {
        const entry = found.find((each) => each.path === nameOf(path));
        const start = (entry?.extents[0]?.sector ?? 0) * SECTOR;
        assert.ok(image.subarray(start, start + (entry?.size ?? -1)).equals(content), path);
      }
    });

    test('says the label and who gives the disc out', () => {
      assert.deepEqual([tree.volumeId, tree.publisher], ['IMAGES', publisher]);
    });

    test('has path tables that name every folder after its parent', () => {
      const { little, big } = tree.pathTables;
      assert.deepEqual(little, big);
      const pathOf = (number: number): string => {
        const row = little[number - 1];
        return !row || number === 1 ? '' : `${pathOf(row.parent)}/${row.name}`;
      };
      const listed = little.map((row, index) => `${pathOf(index + 1)} ${row.sector}`);
      const folders = tree.entries.filter((entry) => entry.folder);
      const walked = folders.map(({ path, extents }) => `/${path} ${extents[0]?.sector}`);
      assert.deepEqual(listed.slice(1).sort(), walked.sort());
      assert.ok(little.every(({ parent }, index) => parent <= Math.max(index, 1)));
    });

    test('may hold a hundred thousand files in one folder', () => {
      const many = Array.from({ length: 100_000 }, (_, i) => ({ path: `IMAGES/DICOMS/IM${i + 1}`, size: 1 }));
      const { entries } = readTree(headOf(planIso(many, volume)), descriptor);
      const found = entries.filter((entry) => !entry.folder);
      assert.equal(new Set(found.map((entry) => entry.path)).size, many.length);
      assert.equal(new Set(found.map(({ extents }) => extents[0]?.sector)).size, many.length);
    });

    test('gives a file of more than 4 GiB several extents, one after the other', () => {
      const size = 2 * (2 ** 32 - SECTOR) + 5;
      const { entries } = readTree(headOf(planIso([{ path: 'LARGE', size }], volume)), descriptor);
      const extents = entries.find((each) => each.path === 'LARGE')?.extents ?? [];
      assert.deepEqual(
        extents.map((extent) => extent.size),
        [2 ** 32 - SECTOR, 2 ** 32 - SECTOR, 5],
      );
      const first = extents[0]?.sector ?? 0;
      const sectors = 2 ** 21 - 1;
      assert.deepEqual(
        extents.map((extent) => extent.sector - first),
        [0, sectors, 2 * sectors],
      );
    });
  });

/** Everything before the first file. */
function headOf(whole: IsoPlan): Buffer {
  const [first] = segments(whole);
  assert.equal(first?.kind, 'bytes');
  return Buffer.from(first.bytes);
}
