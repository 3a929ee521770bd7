import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aSlice } from '../../fixtures/data-sets.ts';
import { everyRecord, readDicomdir } from '../../fixtures/dicomdir.ts';
import { FileSet } from './file-set.ts';

/** The records of one instance of somebody, whose file declares a character set or none. */
function recordsOf(name: string, specificCharacterSet = '') {
  const [Alphabetic, Ideographic] = name.split('=');
  const fileSet = new FileSet();
  fileSet.add({ ...aSlice(1, { '00100010': [{ Alphabetic, Ideographic }] }), specificCharacterSet });
  return readDicomdir(fileSet.dicomdir({ fileSetId: 'IMAGES', sopInstanceUid: '2.25.9' })).roots;
}

describe('the texts of a record', () => {
  const setOf = (name: string, declared?: string) => {
    const records = recordsOf(name, declared);
    assert.equal(records[0]!.attributes.text(0x00100010), name);
    return everyRecord(records).map(({ attributes }) => attributes.text(0x00080005));
  };

  test('declare no character set while they are ASCII', () => {
    assert.deepEqual(setOf('Lovelace^Ada', 'ISO_IR 192'), ['', '', '', '']);
  });

  test('are in Latin 1 where that suffices, in UTF-8 where it does not, each record for itself', () => {
    assert.deepEqual(setOf('Müller^Zoë'), ['ISO_IR 100', '', '', '']);
    assert.deepEqual(setOf('山田^太郎'), ['ISO_IR 192', '', '', '']);
    assert.deepEqual(setOf('Łukasz^Żak'), ['ISO_IR 192', '', '', '']);
  });

  test('keep the character set of the file where it is one byte a character, or UTF-8', () => {
    assert.equal(setOf('Łukasz^Żak', 'ISO_IR 101')[0], 'ISO_IR 101');
    assert.equal(setOf('Люкceмбypг', 'ISO_IR 144')[0], 'ISO_IR 144');
    assert.equal(setOf('Διονυσιος', 'ISO_IR 126')[0], 'ISO_IR 126');
    assert.equal(setOf('ﾔﾏﾀﾞ^ﾀﾛｳ', 'ISO_IR 13')[0], 'ISO_IR 13');
    assert.equal(setOf('Müller^Zoë', 'ISO_IR 192')[0], 'ISO_IR 192');
  });

  test('leave a set that cannot say them, code extensions and sets that do not exist', () => {
    assert.equal(setOf('Müller^Zoë', 'ISO_IR 144')[0], 'ISO_IR 100');
    assert.equal(setOf('Yamada^Tarou=山田^太郎', '\\ISO 2022 IR 87')[0], 'ISO_IR 192');
    assert.equal(setOf('Müller^Zoë', 'ISO_IR 4711')[0], 'ISO_IR 100');
  });
});
