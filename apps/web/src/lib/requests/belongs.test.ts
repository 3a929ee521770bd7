import assert from 'node:assert/strict';
import { test } from 'node:test';
import { belonging } from './belongs.ts';

const requested = { patientName: 'Anthony^Ryan', patientBirthDate: '1986-12-29' };
const found = (patientName: string, patientBirthDate: string | null = '1986-12-29') =>
  belonging(requested, { patientName, patientBirthDate });

test('a name in other case, shortened or with a middle name is the same person on the same date', () => {
  const same = ['Anthony^Ryan', 'ANTHONY^RYAN', 'Anthony^R', 'Anthony^Ryan James', 'Anthony^Ryan^James', ''];
  assert.deepEqual(
    same.map((name) => found(name)),
    same.map(() => 'same'),
  );
});

test('accents fold away', () => {
  const requestedName = { patientName: 'Müller^Zoë', patientBirthDate: '1990-01-01' };
  assert.equal(
    belonging(requestedName, { patientName: 'MULLER^ZOE', patientBirthDate: '1990-01-01' }),
    'same',
  );
});

test('another date of birth is another person whatever the name', () => {
  assert.equal(found('Anthony^Ryan', '1968-12-29'), 'birth-date');
});

test('another name on the same date is pointed out', () => {
  assert.equal(found('Anthony^Brian'), 'name');
  assert.equal(found('Lovelace^Ryan'), 'name');
});

test('images without a date of birth are neither this patient nor another', () => {
  assert.equal(found('Anthony^Ryan', null), 'unknown');
  assert.equal(found('', null), 'unknown');
  assert.equal(found('Lovelace^Ada', null), 'name');
});
