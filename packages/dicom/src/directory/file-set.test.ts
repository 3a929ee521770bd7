import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aSlice, dataSetOf } from '../../fixtures/data-sets.ts';
import { everyRecord, readDicomdir } from '../../fixtures/dicomdir.ts';
import type { ReadRecord } from '../../fixtures/dicomdir.ts';
import { ImpossibleDicomdir } from './dicomdir.ts';
import { FileSet, UnlistableInstance } from './file-set.ts';
import type { FileSetInstance } from './file-set.ts';

const identity = { fileSetId: 'IMAGES', sopInstanceUid: '2.25.9' };

function fileSetOf(instances: readonly FileSetInstance[]): FileSet {
  const fileSet = new FileSet();
  for (const instance of instances) fileSet.add(instance);
  return fileSet;
}

function written(...instances: FileSetInstance[]): ReadRecord[] {
  return readDicomdir(fileSetOf(instances).dicomdir(identity)).roots;
}

function outline(records: readonly ReadRecord[], depth = 0): string[] {
  return records.flatMap(({ type, fileId, lower }) => [
    `${'  '.repeat(depth)}${type}${fileId ? ` ${fileId}` : ''}`,
    ...outline(lower, depth + 1),
  ]);
}

const SR = '1.2.840.10008.5.1.4.1.1.88.11';

describe('a DICOMDIR', () => {
  test('links patients, studies, series and instances in the order in which they were added', () => {
    const records = written(
      aSlice(1),
      aSlice(2, { '00100020': ['SAM-2'], '0020000D': ['2.25.2'], '0020000E': ['2.25.21'] }),
      aSlice(3, { '0020000E': ['2.25.12'] }),
      aSlice(4),
    );
    assert.deepEqual(outline(records), [
      'PATIENT',
      '  STUDY',
      '    SERIES',
      '      IMAGE IMAGES/DICOMS/IM1',
      '      IMAGE IMAGES/DICOMS/IM4',
      '    SERIES',
      '      IMAGE IMAGES/DICOMS/IM3',
      'PATIENT',
      '  STUDY',
      '    SERIES',
      '      IMAGE IMAGES/DICOMS/IM2',
    ]);
  });

  test('names the class, the instance and the transfer syntax of every file', () => {
    const leaf = everyRecord(written({ ...aSlice(1), transferSyntaxUid: '1.2.840.10008.1.2.4.90' })).at(-1)!;
    assert.equal(leaf.attributes.text(0x00041510), '1.2.840.10008.5.1.4.1.1.2');
    assert.equal(leaf.attributes.text(0x00041511), '2.25.10001');
    assert.equal(leaf.attributes.text(0x00041512), '1.2.840.10008.1.2.4.90');
  });

  test('is the same bytes for the same instances, and its elements ascend', () => {
    const make = () => fileSetOf([aSlice(1), aSlice(2, {}, SR)]).dicomdir(identity);
    assert.deepEqual(make(), make());
    for (const { tags } of everyRecord(readDicomdir(make()).roots))
      assert.deepEqual(
        tags,
        [...new Set(tags)].sort((a, b) => a - b),
      );
  });

  test('of a folder counts its File IDs from there', () => {
    const fileSet = fileSetOf([aSlice(1)]);
    const leaf = (folder: string[]) =>
      everyRecord(readDicomdir(fileSet.dicomdir({ ...identity, folder })).roots).at(-1)!.fileId;
    assert.equal(leaf([]), 'IMAGES/DICOMS/IM1');
    assert.equal(leaf(['IMAGES']), 'DICOMS/IM1');
    assert.throws(() => leaf(['VIEWER']), ImpossibleDicomdir);
  });

  test('of nothing is still a file', () => {
    const { roots, fileSetId, stored } = readDicomdir(new FileSet().dicomdir(identity));
    assert.deepEqual([roots.length, fileSetId, stored], [0, 'IMAGES', 0]);
  });

  test('keeps people apart who share an ID, and one together whose name is spelled with other padding', () => {
    const records = written(
      aSlice(1),
      aSlice(2, { '00100021': ['ELSEWHERE'] }),
      aSlice(3, { '00100010': [{ Alphabetic: 'Lovelace^Noah' }] }),
      aSlice(4, { '00100010': [{ Alphabetic: 'LOVELACE^ADA^^' }] }),
    );
    assert.deepEqual(
      records.map((record) => everyRecord(record.lower).filter(({ type }) => type === 'IMAGE').length),
      [2, 1, 1],
    );
    const studies = records.map(({ lower }) => lower[0]!.attributes.text(0x0020000d));
    assert.deepEqual(studies, ['2.25.1', '2.25.1', '2.25.1'], 'the study is listed under each of them');
  });

  test('gives people without an ID one each, apart by name and birth date', () => {
    const nobody = { '00100020': [null] };
    const records = written(
      aSlice(1, nobody),
      aSlice(2, { ...nobody, '00100030': ['19810829'] }),
      aSlice(3, { ...nobody, '00100010': [{ Alphabetic: 'Lovelace^Noah' }] }),
      aSlice(4, nobody),
    );
    assert.deepEqual(
      records.map(({ attributes }) => attributes.text(0x00100020)),
      ['UNKNOWN-1', 'UNKNOWN-2', 'UNKNOWN-3'],
    );
  });

  test('takes what one instance of a study lacks from another', () => {
    const [patient] = written(
      aSlice(1, { '00081030': [], '00200010': [] }),
      aSlice(2, { '00081030': ['CT Head'] }),
    );
    const study = patient!.lower[0]!.attributes;
    assert.deepEqual([study.text(0x00081030), study.text(0x00200010)], ['CT Head', '7']);
  });

  test('lists what belongs to no patient beside the patients', () => {
    const protocol = { ...aSlice(2, {}, '1.2.840.10008.5.1.4.38.1'), dataSet: dataSetOf({}) };
    assert.deepEqual(
      written(protocol, aSlice(1)).map(({ type }) => type),
      ['PATIENT', 'HANGING PROTOCOL'],
    );
  });

  test('lists an instance of a private class: as image if it is one, else as PRIVATE', () => {
    const bare = aSlice(2, {}, '1.2.3');
    const { '00280010': _rows, ...dataSet } = bare.dataSet;
    const types = everyRecord(written(aSlice(1, {}, '1.2.3'), { ...bare, dataSet })).map(({ type }) => type);
    assert.deepEqual(types.slice(3), ['IMAGE', 'PRIVATE']);
  });
});

describe('keys that instances lack', () => {
  test('are made up in the DICOMDIR, and said to be', () => {
    const fileSet = fileSetOf([
      aSlice(1, { '00200013': [], '00080030': [] }),
      aSlice(2, { '00200013': [], '00080030': [] }),
      aSlice(3, { '0020000E': ['2.25.12'], '00200011': ['first'], '00080030': [] }),
    ]);
    const records = everyRecord(readDicomdir(fileSet.dicomdir(identity)).roots);
    const numbers = (tag: number) =>
      records.map(({ attributes }) => attributes.number(tag)).filter((n) => n !== null);
    assert.deepEqual(
      [numbers(0x00200013), numbers(0x00200011)],
      [
        [1, 2, 3],
        [1, 2],
      ],
    );
    assert.deepEqual(
      fileSet.invented.map(({ recordType, name, reason, records: count }) => [
        recordType,
        name,
        reason,
        count,
      ]),
      [
        ['IMAGE', 'Instance Number', 'missing', 2],
        ['STUDY', 'Study Time', 'missing', 1],
        ['SERIES', 'Series Number', 'not-allowed', 1],
      ],
    );
  });

  test('take a date from the next best one before they take none', () => {
    const date = (values: Record<string, string[]>) =>
      written(aSlice(1, { '00080020': [], ...values }))[0]!.lower[0]!.attributes.text(0x00080020);
    assert.equal(date({ '00080021': ['20260301'], '00080022': ['20260302'] }), '20260301');
    assert.equal(date({ '00080021': ['yesterday'], '00080022': ['20260302'] }), '20260302');
    assert.equal(date({}), '19000101');
  });

  test('of type 2 are empty, and nobody is told', () => {
    const fileSet = fileSetOf([aSlice(1, { '00100010': [] })]);
    const [patient] = readDicomdir(fileSet.dicomdir(identity)).roots;
    assert.ok(patient!.attributes.has(0x00100010));
    assert.equal(patient!.attributes.text(0x00100010), '');
    assert.deepEqual(fileSet.invented, []);
  });
});

describe('a structured report', () => {
  const code = (value: string, meaning: string) =>
    dataSetOf({ '00080100': [value], '00080102': ['DCM'], '00080104': [meaning] });
  const report = aSlice(
    1,
    {
      '0040A043': [code('18748-4', 'Imaging Report')],
      '0040A073': [dataSetOf({ '0040A030': ['20260401'] }), dataSetOf({ '0040A030': ['20260402'] })],
      '0040A491': ['COMPLETE'],
      '0040A493': ['VERIFIED'],
      '0040A730': [
        dataSetOf({
          '0040A010': ['HAS CONCEPT MOD'],
          '0040A040': ['CODE'],
          '0040A168': [code('1', 'English')],
        }),
        dataSetOf({ '0040A010': ['CONTAINS'], '0040A040': ['TEXT'], '0040A160': ['Nothing remarkable.'] }),
      ],
    },
    SR,
  );

  test('shows its title, what modifies it, and when it was last verified, but none of its findings', () => {
    const { attributes, type } = everyRecord(written(report)).at(-1)!;
    assert.equal(type, 'SR DOCUMENT');
    assert.equal(attributes.items(0x0040a043)[0]?.text(0x00080104), 'Imaging Report');
    const content = attributes.items(0x0040a730).map((item) => item.items(0x0040a168)[0]?.text(0x00080104));
    assert.deepEqual(content, ['English']);
    assert.equal(attributes.text(0x0040a030), '20260402');
  });
});

describe('a File-set refuses', () => {
  test('names that no medium takes', () => {
    const named =
      (...fileId: string[]) =>
      () =>
        fileSetOf([{ ...aSlice(1), fileId }]);
    for (const wrong of [
      [],
      ['im1'],
      ['IM1.DCM'],
      ['..', 'IM1'],
      ['IMAGE0001'],
      ['A\\B'],
      ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    ])
      assert.throws(named(...wrong), UnlistableInstance, JSON.stringify(wrong));
    assert.doesNotThrow(named('1', '2', '3', '4', '5', '6', '7', 'IM999999'));
  });

  test('an instance without study or series, without saying whose', () => {
    const refusal = (error: unknown) =>
      error instanceof UnlistableInstance && !error.message.includes('Lovelace');
    assert.throws(() => fileSetOf([aSlice(1, { '0020000D': [] })]), refusal);
    assert.throws(() => fileSetOf([aSlice(1, { '0020000E': [] })]), refusal);
  });

  test('UIDs that are none, and lists the next instance as if nothing had been', () => {
    const fileSet = new FileSet();
    for (const wrong of ['', '1'.repeat(65), 'a\\b', 'ä'])
      for (const field of ['sopClassUid', 'sopInstanceUid', 'transferSyntaxUid'])
        assert.throws(() => fileSet.add({ ...aSlice(1), [field]: wrong }), UnlistableInstance, wrong);
    assert.throws(() => fileSet.add(aSlice(1, { '0020000D': ['1'.repeat(65)] })), UnlistableInstance);
    fileSet.add(aSlice(2));
    assert.equal(readDicomdir(fileSet.dicomdir(identity)).stored, 4);
  });

  test('an ID that is none, and instances after the end', () => {
    const fileSet = fileSetOf([aSlice(1)]);
    for (const fileSetId of ['', 'images', 'A'.repeat(17), 'A-B'])
      assert.throws(() => fileSet.dicomdir({ ...identity, fileSetId }), ImpossibleDicomdir);
    fileSet.dicomdir(identity);
    assert.throws(() => fileSet.add(aSlice(2)), UnlistableInstance);
  });
});
