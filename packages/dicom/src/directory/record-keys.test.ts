import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dictionaryVr } from '../dictionary.ts';
import { STORAGE_CLASSES } from '../sop-classes.generated.ts';
import { vrCode } from '../vr.ts';
import type { Key } from './keys.ts';
import { recordKeys } from './record-keys.ts';
import { recordTypeOf } from './record-types.ts';
import { admitted } from './values.ts';

const ROOT = '1.2.840.10008.5.1.4.';
const typed = STORAGE_CLASSES.map(([suffix, name]) => ({ name, type: recordTypeOf(ROOT + suffix, false) }));
const types = new Set(typed.map(({ type }) => type));
const upper = ['PATIENT', 'STUDY', 'SERIES'] as const;

function everyKey(keys: readonly Key[]): Key[] {
  return keys.flatMap((key) => (key.vr === 'SQ' ? [key, ...everyKey(key.items)] : [key]));
}

test('every storage class has a record type, and those of images are images', () => {
  const imageLike = /Image|Enhanced US Volume|Segmentation|Parametric Map|Ophthalmic|DICOS|Map$/;
  const odd = typed.filter(({ type, name }) => type === 'IMAGE' && !imageLike.test(name));
  assert.deepEqual(odd, []);
  const hidden = typed.filter(({ type, name }) => type !== 'IMAGE' && / Image$/.test(name));
  assert.deepEqual(hidden, []);
  assert.equal(types.size, 30);
});

test('the VR of every key is the one of the dictionary', () => {
  for (const type of [...types, ...upper])
    for (const key of everyKey(recordKeys(type)))
      assert.equal(vrCode(key.vr), dictionaryVr(key.tag), `${type}: ${key.name}`);
});

test('what stands in for a key of type 1 is a value that the key allows', () => {
  for (const type of [...types, ...upper])
    for (const key of recordKeys(type)) {
      if (key.type !== 1 || key.vr === 'SQ' || key.vr === 'UI') continue;
      for (const value of key.otherwise.replace('#', '100000').split('\\'))
        assert.notEqual(admitted(key.vr, value), null, `${type}: ${key.name}`);
    }
});
