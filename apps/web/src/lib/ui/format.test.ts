import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  formatBirthDate,
  formatBytes,
  formatCount,
  formatDay,
  formatMoment,
  formatPace,
  formatPersonName,
  formatTime,
  formatTimeLeft,
  formatTransfer,
} from './format.ts';

describe('dates', () => {
  test('a DICOM date and an ISO date read as the Access Page prints them', () => {
    assert.equal(formatDay('20200329'), 'Mar. 29, 2020');
    assert.equal(formatDay('2020-09-01'), 'Sept. 1, 2020');
    assert.equal(formatDay('2020-05-31'), 'May 31, 2020');
  });

  test('a date nobody understands is shown as it was written', () => {
    assert.equal(formatDay('20201399'), '20201399');
    assert.equal(formatDay('about 1990'), 'about 1990');
  });

  test('a date of birth has slashes', () => {
    assert.equal(formatBirthDate('19810829'), '1981/08/29');
    assert.equal(formatBirthDate('1981-08-29'), '1981/08/29');
  });

  test("a moment carries the facility's zone, also when that is another day than in UTC", () => {
    const moment = new Date('2021-01-03T01:45:00Z');
    assert.equal(formatMoment(moment, { timeZone: 'America/Toronto' }), 'Jan. 2, 2021, 20:45 EST');
    assert.equal(formatTime(moment, { timeZone: 'America/Toronto' }), '20:45');
    assert.equal(formatTime(new Date('2021-01-03T00:05:00Z'), { timeZone: 'UTC' }), '00:05');
  });
});

test('a name cannot turn itself around, and keeps the marks that its own script needs', () => {
  assert.equal(formatPersonName('\u202egpj.exe^x\u202c'), 'gpj.exe, x');
  assert.equal(formatPersonName('قباني\u200f^لنزار'), 'قباني\u200f, لنزار');
});

test('a person name puts the family first and leaves titles out', () => {
  assert.equal(formatPersonName('Lovelace^Ada'), 'Lovelace, Ada');
  assert.equal(formatPersonName('Lovelace^Ada^Augusta^Dr.^PhD'), 'Lovelace, Ada Augusta');
  assert.equal(formatPersonName('Yamada^Tarou=山田^太郎=やまだ^たろう'), 'Yamada, Tarou');
  assert.equal(formatPersonName('=山田^太郎'), '山田, 太郎');
  assert.equal(formatPersonName("O'Brien"), "O'Brien");
  assert.equal(formatPersonName('^Ada'), 'Ada');
  assert.equal(formatPersonName('^^^^'), '');
});

describe('amounts', () => {
  test('bytes have one decimal only where it tells something', () => {
    assert.equal(formatBytes(0), '0 bytes');
    assert.equal(formatBytes(1), '1 byte');
    assert.equal(formatBytes(999), '999 bytes');
    assert.equal(formatBytes(1_240_000_000), '1.2 GB');
    assert.equal(formatBytes(14_200_000), '14 MB');
    assert.equal(formatBytes(999_950), '1.0 MB');
    assert.equal(formatPace(14_000_000), '14 MB/s');
  });

  test('counts agree with their noun', () => {
    assert.equal(formatCount(1, 'image'), '1 image');
    assert.equal(formatCount(1204, 'image'), '1,204 images');
    assert.equal(formatCount(3, 'series', 'series'), '3 series');
  });

  test('time left is rounded, never exact', () => {
    assert.equal(formatTimeLeft(3), 'a few seconds');
    assert.equal(formatTimeLeft(38), 'about 40 s');
    assert.equal(formatTimeLeft(170), 'about 3 min');
    assert.equal(formatTimeLeft(3600), 'about 1 h');
    assert.equal(formatTimeLeft(7800), 'about 2 h 10 min');
    assert.equal(formatTimeLeft(7170), 'about 2 h');
  });

  test('a transfer says how far, how fast and how long', () => {
    const numbers = { done: 212, total: 600, noun: 'image' };
    assert.equal(
      formatTransfer({ ...numbers, bytesPerSecond: 14e6, secondsLeft: 38 }),
      '212 of 600 images · 14 MB/s · about 40 s',
    );
    assert.equal(formatTransfer({ ...numbers, bytesPerSecond: 0 }), '212 of 600 images');
    assert.equal(formatTransfer({ ...numbers, done: 600, secondsLeft: 0 }), '600 of 600 images');
  });
});
