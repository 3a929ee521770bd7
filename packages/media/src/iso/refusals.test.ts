import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { volume } from '../../fixtures/disc.ts';
import { planIso } from './iso.ts';
import { ImpossibleIso } from './names.ts';

describe('an ISO image is refused', () => {
  const planOf =
    (...paths: string[]) =>
    () =>
      planIso(
        paths.map((path) => ({ path, size: 1 })),
        volume,
      );

  for (const path of [
    '',
    '/ETC',
    '../X',
    'A/../B',
    'A//B',
    'FOLDER/',
    'readme.txt',
    'README.HTML',
    'IMAGE0001',
    'A.B/C',
    'C:X',
    'A\\B',
    'A\nB',
    'Ä',
    '1/2/3/4/5/6/7/8/IM1',
  ]) {
    test(`for the path ${JSON.stringify(path)}`, () => {
      assert.throws(planOf('FINE', path), ImpossibleIso);
    });
  }

  test('for long names that Joliet does not take', () => {
    for (const longName of ['', '..', 'a/b', 'a\\b', 'a:b', 'a*b', 'a\nb', 'x'.repeat(65), '📀'])
      assert.throws(() => planIso([{ path: 'A', size: 1, longName }], volume), ImpossibleIso, longName);
  });

  test('for two files, or a file and a folder, of one name in either tree', () => {
    assert.throws(planOf('IM1', 'IM1'), ImpossibleIso);
    assert.throws(planOf('IM1/A', 'IM1'), ImpossibleIso);
    const twins = ['Report.pdf', 'REPORT.PDF'].map((longName, index) => ({
      path: `R${index}`,
      size: 1,
      longName,
    }));
    assert.throws(() => planIso(twins, volume), ImpossibleIso);
    assert.doesNotThrow(planOf('IM1', 'A/IM1', 'A/IM1.TXT'));
  });

  test('without repeating the name, which may be a patient’s', () => {
    assert.throws(planOf('lovelace'), (error) => error instanceof Error && !/lovelace/i.test(error.message));
  });

  test('for sizes and labels that cannot be', () => {
    for (const size of [-1, 0.5, NaN, 2 ** 53])
      assert.throws(() => planIso([{ path: 'A', size }], volume), ImpossibleIso);
    assert.throws(() => planIso([{ path: 'A', size: 2 ** 43 }], volume), ImpossibleIso);
    for (const volumeId of ['', 'images', 'A'.repeat(17), 'A B'])
      assert.throws(() => planIso([], { ...volume, volumeId }), ImpossibleIso);
  });
});
