import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayBecome, personName } from './rules.ts';
import type { RequestState } from './schema.ts';

const STATES: readonly RequestState[] = [
  'sent',
  'opened',
  'uploading',
  'uploaded',
  'imported',
  'declined',
  'cancelled',
];

test('a request moves along these ways and no others', () => {
  const ways = STATES.map((from) => [from, STATES.filter((to) => mayBecome(from, to))]);
  assert.deepEqual(Object.fromEntries(ways), {
    sent: ['opened', 'uploading', 'declined', 'cancelled'],
    opened: ['uploading', 'declined', 'cancelled'],
    uploading: ['opened', 'uploaded', 'declined', 'cancelled'],
    uploaded: ['uploading', 'imported', 'cancelled'],
    imported: [],
    declined: ['uploading', 'cancelled'],
    cancelled: [],
  });
});

test('a name is understood as people write it and kept as DICOM writes it', () => {
  assert.equal(personName('Anthony^Ryan'), 'Anthony^Ryan');
  assert.equal(personName('Anthony, Ryan'), 'Anthony^Ryan');
  assert.equal(personName(' Anthony '), 'Anthony');
  assert.equal(personName('van der Berg, Jan Pieter'), 'van der Berg^Jan Pieter');
});
