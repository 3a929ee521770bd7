import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CODE_ALPHABET,
  CODE_LENGTH,
  addressMayTry,
  isFrozen,
  isYetToCome,
  lockedUntil,
  normaliseCode,
  parseBirthDate,
  printedCode,
} from './rules.ts';

const now = new Date('2026-04-12T08:00:00Z');
const minutesFromNow = (date: Date | null) => date && (date.getTime() - now.getTime()) / 60_000;

test('a code is drawn from thirty symbols that nobody confuses', () => {
  assert.equal(new Set(CODE_ALPHABET).size, 30);
  assert.doesNotMatch(CODE_ALPHABET, /[01ILOU]/);
  assert.equal(CODE_LENGTH, 9);
});

test('a code is understood however it was typed', () => {
  const ways: Record<string, string> = {
    'as printed': 'VTX - 5HN - 8DP',
    'without spaces': 'VTX5HN8DP',
    'small letters': 'vtx5hn8dp',
    'hyphens and blanks at the ends': '  vtx-5hn-8dp ',
    'long dashes, as word processors make them': 'VTX – 5HN — 8DP',
    'a minus sign of mathematics': 'VTX‐5HN‑8DP',
    'dots and middle dots': 'VTX.5HN·8DP',
    underscores: 'VTX_5HN_8DP',
    'full-width forms of an Asian keyboard': 'ＶＴＸ５ＨＮ８ＤＰ',
    'no-break and thin spaces': 'VTX\u00a05HN\u20098DP',
    'a soft hyphen and zero-width marks from a web page': 'VTX\u00ad5HN\u200b8DP\ufeff',
    'a tab and a line break': 'VTX\t5HN\n8DP',
  };
  for (const [way, typed] of Object.entries(ways)) assert.equal(normaliseCode(typed), 'VTX5HN8DP', way);
});

test('what cannot be a code is none', () => {
  for (const typed of [
    '',
    'VTX5HN8D',
    'VTX5HN8DPX',
    'VTX5HN8D!',
    'ВТХ5НН8ДР',
    '🩻'.repeat(9),
    '\0'.repeat(9),
  ]) {
    assert.equal(normaliseCode(typed), null, JSON.stringify(typed));
  }
});

test('a code is printed in groups of three', () => {
  assert.equal(printedCode('VTX5HN8DP'), 'VTX - 5HN - 8DP');
  assert.equal(normaliseCode(printedCode('VTX5HN8DP')), 'VTX5HN8DP');
});

test('a date of birth is understood in the four forms people type', () => {
  for (const typed of [
    '1981/08/29',
    '1981-08-29',
    '19810829',
    '1981 08 29',
    '1981.8.29',
    ' １９８１/08/29 ',
  ]) {
    assert.equal(parseBirthDate(typed), '1981-08-29', typed);
  }
});

test('a day that no calendar has is no date of birth', () => {
  for (const typed of ['', '1981/02/30', '1981/13/01', '29/08/1981', '81/08/29', '1849/12/31', '19810829x']) {
    assert.equal(parseBirthDate(typed), null, typed);
  }
  assert.equal(parseBirthDate('2024/02/29'), '2024-02-29');
  assert.equal(parseBirthDate('2023/02/29'), null);
});

test('nobody is born later than the day that has begun somewhere on earth', () => {
  assert.equal(isYetToCome('2026-04-13', now), false);
  assert.equal(isYetToCome('2026-04-14', now), true);
  assert.equal(isYetToCome('9999-12-31', now), true);
});

test('every fifth wrong birth date locks, each time for twice as long', () => {
  const locks = Array.from({ length: 20 }, (_, i) => minutesFromNow(lockedUntil(i + 1, now)));
  const expected = Array.from({ length: 20 }, (_, i) => ((i + 1) % 5 ? null : 15 * 2 ** ((i + 1) / 5 - 1)));
  assert.deepEqual(locks, expected);
});

test('no lock is longer than a day', () => {
  assert.equal(minutesFromNow(lockedUntil(500, now)), 24 * 60);
});

test('the twentieth wrong birth date freezes a code', () => {
  assert.equal(isFrozen(19), false);
  assert.equal(isFrozen(20), true);
});

test('an address that has opened three shares is trusted with five times the failures', () => {
  assert.equal(addressMayTry(9, 0), true);
  assert.equal(addressMayTry(10, 2), false);
  assert.equal(addressMayTry(10, 3), true);
  assert.equal(addressMayTry(50, 3), false);
});
