import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byPatient } from './patients.ts';

test('a disc with two patients makes two shares, and spelling makes none', () => {
  const exam = (studyInstanceUid: string, patientName: string, patientBirthDate: string | null) => ({
    studyInstanceUid,
    patientName,
    patientBirthDate,
  });
  const patients = byPatient([
    exam('1', 'Lovelace^Ada', '1981-08-29'),
    exam('2', 'Lovelace^Noah', '2018-05-17'),
    exam('3', 'LOVELACE^ADA', '1981-08-29'),
    exam('4', 'Lovelace^Ada', null),
  ]);
  assert.deepEqual(
    patients.map(({ exams }) => exams.map(({ studyInstanceUid }) => studyInstanceUid)),
    [['1', '3'], ['2'], ['4']],
  );
});
