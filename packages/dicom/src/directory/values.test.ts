import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admitted } from './values.ts';
import type { ValueVr } from './values.ts';

function each(vr: ValueVr, cases: readonly [raw: unknown, value: string | number | null][]): void {
  for (const [raw, value] of cases) assert.equal(admitted(vr, raw), value, `${vr} ${JSON.stringify(raw)}`);
}

test('dates and times are mended where they are of the old spelling, and refused where there is no such day', () => {
  each('DA', [
    ['20260412', '20260412'],
    ['2026.04.12', '20260412'],
    ['2026-04-12', '20260412'],
    ['20260230', null],
    ['2026', null],
    ['', null],
    [null, null],
  ]);
  each('TM', [
    ['101500', '101500'],
    ['10:15:00', '101500'],
    ['1015', '1015'],
    ['101500.1234567', '101500.123456'],
    ['251500', null],
    ['noon', null],
  ]);
});

test('codes are upper case and short', () => {
  each('CS', [
    ['mr ', 'MR'],
    ['ORIGINAL', 'ORIGINAL'],
    ['A'.repeat(17), null],
    ['C-T', null],
  ]);
});

test('numbers are numbers, in as many characters as they may have', () => {
  each('IS', [
    [7, 7],
    ['07', 7],
    ['seven', null],
    [1.5, null],
    [2 ** 31, null],
  ]);
  each('DS', [
    [0.5, '0.5'],
    [-123.45678901234567, '-123.45678901235'],
    [1e20, '1.0000000000e+20'],
    ['wide', null],
  ]);
  each('US', [
    [512, 512],
    [65536, null],
  ]);
});

test('texts lose control characters, backslashes and what is too long', () => {
  each('LO', [
    [' CT Head\r\n', 'CT Head'],
    ['a\\b', 'a b'],
    ['ä'.repeat(70), 'ä'.repeat(64)],
    ['\u0000', null],
  ]);
  each('SH', [['x'.repeat(20), 'x'.repeat(16)]]);
});

test('names are three groups, as many as there are', () => {
  each('PN', [
    [
      { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [{ Ideographic: '山田^太郎' }, '=山田^太郎'],
    [{ Alphabetic: 'Lovelace^Ada' }, 'Lovelace^Ada'],
    ['Lovelace^Ada', null],
    [{}, null],
  ]);
});

test('UIDs are as they are in the file, were they wrong', () => {
  each('UI', [
    ['1.2.840.10008.1.1', '1.2.840.10008.1.1'],
    ['REM SAMPLES 1', 'REM SAMPLES 1'],
    ['a\\b', null],
    ['', null],
  ]);
});
