import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft } from './draft.ts';

const draft = {
  family: ' Anthony ',
  given: 'Ryan',
  birthDate: '1986/12/29',
  outsideFacility: '',
  details: 'Chest',
};

test('two name fields make one DICOM person name', () => {
  assert.equal(checkDraft(draft).request?.patientName, 'Anthony^Ryan');
  assert.equal(checkDraft({ ...draft, given: '' }).request?.patientName, 'Anthony');
  assert.equal(checkDraft({ ...draft, family: 'An^tho=ny' }).request?.patientName, 'An tho ny^Ryan');
});

test('every field that is missing or wrong says so at once', () => {
  const { request, errors } = checkDraft({ ...draft, family: ' ', birthDate: '1986/02/30', details: '' });
  assert.equal(request, null);
  assert.deepEqual(Object.keys(errors), ['family', 'birthDate', 'details']);
});

test('a date of birth that is yet to come is one with a slip of the year', () => {
  const { request, errors } = checkDraft({ ...draft, birthDate: '2086/12/29' }, new Date('2026-12-01'));
  assert.equal(request, null);
  assert.match(errors.birthDate ?? '', /yet to come/);
});
