import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeNamed, includedTag, wantedOf } from './attributes/rules.ts';
import { MalformedKey, commonPrefix, fetchedAtMost, isFindableByLetters, matchOf } from './rules.ts';
import type { Match, Search, SearchKey } from './schema.ts';

function match(keyword: string, ...values: string[]): Match | null {
  const attribute = attributeNamed(keyword);
  assert.ok(attribute, keyword);
  return matchOf(attribute, values);
}

test('a key means what its VR says: lists, ranges, patterns, numbers', () => {
  assert.deepEqual(match('StudyInstanceUID', '1.2, 1.3', '1.4\\1.5'), {
    kind: 'values',
    values: ['1.2', '1.3', '1.4', '1.5'],
  });
  assert.deepEqual(match('PatientID', 'A,B'), { kind: 'values', values: ['A,B'] });
  assert.deepEqual(match('PatientID', '5%_\\A*?'), { kind: 'patterns', patterns: ['5\\%\\_', 'A%_'] });
  assert.deepEqual(match('StudyDate', '20260101-'), { kind: 'range', from: '2026-01-01' });
  assert.deepEqual(match('StudyTime', '-1030'), { kind: 'range', to: '103099999999' });
  assert.deepEqual(match('StudyTime', '1030'), { kind: 'range', from: '103000000000', to: '103099999999' });
  assert.deepEqual(match('SeriesNumber', '-3,4'), { kind: 'numbers', numbers: [-3, 4] });
  assert.deepEqual(match('SeriesNumber', '99999999999'), { kind: 'numbers', numbers: [] });
  assert.deepEqual(match('Modality', 'ct'), { kind: 'values', values: ['CT'] });
  for (const universal of ['', ' ', '*', '**']) assert.equal(match('PatientID', universal), null);
});

test('an identifier is never a pattern, and a range never a list', () => {
  assert.throws(() => match('SOPInstanceUID', '1.2.*'), MalformedKey);
  assert.throws(() => match('StudyDate', '20260101', '20260102'), MalformedKey);
});

test('what all patterns begin with is what an index can be entered by', () => {
  assert.equal(commonPrefix(['doe %', 'doe']), 'doe');
  assert.equal(commonPrefix(['50\\%\\_a_%']), '50%_a');
  assert.equal(commonPrefix(['%doe']), '');
  assert.equal(commonPrefix(['abc%', 'abd%', 'xyz']), '');
  assert.equal(commonPrefix([]), '');
});

test('searches are planned for few numbers of rows', () => {
  const planned = [1, 16, 17, 101, 5001, 65_536].map((limit) => fetchedAtMost({ limit, offset: 0 }));
  assert.deepEqual(planned, [16, 16, 128, 128, 8192, 65_536]);
  assert.equal(fetchedAtMost({ limit: 1, offset: 65_536 }), null);
});

test('only a short page by part of a name is looked for among the newest', () => {
  const key = (keyword: string, value: string): SearchKey => {
    const attribute = attributeNamed(keyword);
    const found = match(keyword, value);
    assert.ok(attribute && found);
    return { attribute, match: found };
  };
  const search = (...keys: SearchKey[]): Search => {
    const { inclusion } = wantedOf(new Set(), { level: 'study' });
    return { level: 'study', keys, limit: 101, offset: 0, include: inclusion };
  };
  const infix = key('PatientName', '*ada*');
  assert.ok(isFindableByLetters(search(infix)));
  assert.ok(isFindableByLetters(search(infix, key('StudyDate', '20260101-'))));
  assert.equal(isFindableByLetters(search(infix, key('PatientID', '1'))), false);
  assert.equal(isFindableByLetters(search(key('PatientName', 'ada*'))), false);
  assert.equal(isFindableByLetters(search(key('PatientName', '*山田*'))), false);
  assert.equal(isFindableByLetters(search()), false);
  assert.equal(isFindableByLetters({ ...search(infix), offset: 1000 }), false);
  assert.equal(isFindableByLetters({ ...search(infix), level: 'series' }), false);
});

test('a name of punctuation alone is nobody’s; empty components and wildcards are everybody’s', () => {
  const nobody = {
    kind: 'names',
    names: [{ parts: [{ folded: [], lowered: [], foreign: false }], anchored: false }],
  };
  for (const value of ["'", '-', '.,']) assert.deepEqual(match('PatientName', value), nobody, value);
  for (const value of ['^', '^^=^']) {
    assert.deepEqual(match('PatientName', value), { kind: 'names', names: [{ parts: [], anchored: true }] });
  }
  assert.equal(match('PatientName', '*'), null);
});

test('a field is included where it can be said of what is found', () => {
  assert.equal(includedTag('PatientAge', 'study'), '00101010');
  assert.equal(includedTag('0040a730', 'instance'), '0040A730');
  assert.equal(includedTag('00400275.00400009', 'series'), '00400275');
  assert.equal(includedTag('00091001', 'instance'), '00091001');
  assert.equal(includedTag('00091001', 'series'), null);
  assert.equal(includedTag('SOPClassUID', 'series'), null);
  assert.equal(includedTag('ALL', 'study'), 'all');
});

test('a stored image is read only for what the catalogue does not hold', () => {
  const place = { level: 'series', studyInstanceUid: '1.2' } as const;
  assert.deepEqual(wantedOf(new Set(['0008103E', '00080060']), place).inclusion, {
    parents: false,
    sopClassesInStudy: false,
    stored: [],
  });
  assert.deepEqual(wantedOf(new Set(['00100010', '00081010', '00080062']), place).inclusion, {
    parents: true,
    sopClassesInStudy: true,
    stored: ['00081010'],
  });
  assert.equal(wantedOf(new Set(), { level: 'series' }).inclusion.parents, true);
});
