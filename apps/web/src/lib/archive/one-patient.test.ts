import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samePatient } from './one-patient.ts';

const ada = { patientName: 'Lovelace^Ada', patientId: 'SAM-1', patientBirthDate: '1981-08-29' };

test('exams of one patient go into one share, also when two places numbered her differently', () => {
  assert.equal(samePatient(ada, { ...ada }), true);
  assert.equal(samePatient(ada, { ...ada, patientId: 'PBI-7', patientName: 'LOVELACE^ADA' }), true);
});

test('another date of birth is another patient, even under the same number', () => {
  assert.equal(samePatient(ada, { ...ada, patientBirthDate: '2018-05-17' }), false);
});

test('a name alone makes nobody the same where no date of birth is known', () => {
  const undated = { ...ada, patientBirthDate: null };
  assert.equal(samePatient({ ...undated, patientId: '' }, { ...undated, patientId: '' }), false);
  assert.equal(samePatient(undated, { ...undated }), true);
});
