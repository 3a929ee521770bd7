import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskedPatient, normalisePin } from './rules.ts';

test('a PIN is six digits however they were typed', () => {
  for (const typed of ['123456', '123 456', '123-456', ' 12.34.56 ', '１２３４５６', '123–456']) {
    assert.equal(normalisePin(typed), '123456', typed);
  }
  for (const typed of ['', '12345', '1234567', '12345a', '١٢٣٤٥٦'])
    assert.equal(normalisePin(typed), null, typed);
});

test('an outside clinic sees initials and a year', () => {
  assert.equal(maskedPatient('Anthony^Ryan', '1986-12-29'), 'R… A…, born 1986');
  assert.equal(maskedPatient('Anthony', '1986-12-29'), 'A…, born 1986');
  assert.equal(maskedPatient('^Ryan', '1986-12-29'), 'R…, born 1986');
  assert.equal(maskedPatient('', '1986-12-29'), 'Patient, born 1986');
  assert.equal(maskedPatient('𠮷田^太郎', '2001-01-01'), '太… 𠮷…, born 2001');
});
