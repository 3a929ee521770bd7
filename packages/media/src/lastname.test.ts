import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentDisposition, downloadName } from './lastname.ts';

const asciiNames: readonly (readonly [personName: string, lastname: string])[] = [
  ['Lovelace^Ada', 'Lovelace'],
  ['SMITH^JOHN^^^', 'SMITH'],
  ["O'Brien^Nora", 'OBrien'],
  ['Müller^Jörg', 'Muller'],
  ['Weiß^Ida', 'Weiss'],
  ['WEIẞ^IDA', 'WEISS'],
  ['Łukasiewicz^Jan', 'Lukasiewicz'],
  ['Ørsted^Hans', 'Orsted'],
  ['Đorđević^Ana', 'Dordevic'],
  ['Garc\u0131a^Rosa', 'Garcia'],
  ['van der Berg^Piet', 'van-der-Berg'],
  ['Smith-Jones^Eve', 'Smith-Jones'],
  ['Щукина^Анна', 'Shchukina'],
  ['ЙОХАНСЕН^ЛЕВ', 'IOKHANSEN'],
  ['Παπαδοπούλου^Μαρία', 'Papadopoyloy'],
  ['山田^太郎', 'Patient'],
  ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada'],
  ['=山田^太郎', 'Patient'],
  ['^^', 'Patient'],
  ['', 'Patient'],
  ['^Ada', 'Patient'],
  ['Lovelace, Ada', 'Lovelace'],
  ['../../etc^x', 'etc'],
  ['<svg onload>^x', 'svg-onload'],
  ['x'.repeat(64), 'x'.repeat(40)],
  ['ab-'.repeat(20), 'ab-'.repeat(13) + 'a'],
];

for (const [personName, lastname] of asciiNames) {
  test(`the images of ${JSON.stringify(personName).slice(0, 30)} are called ${lastname}`, () => {
    assert.equal(downloadName(personName, 'zip').ascii, `IMAGES_${lastname}.zip`);
    assert.equal(downloadName(personName, 'iso').ascii, `ISO_${lastname}.iso`);
  });
}

test('the UTF-8 name keeps the letters and loses what file systems and readers trip over', () => {
  const utf8 = (personName: string) => downloadName(personName, 'zip').utf8;
  assert.equal(utf8('Müller^Jörg'), 'IMAGES_Müller.zip');
  assert.equal(utf8('=山田^太郎'), 'IMAGES_山田.zip');
  assert.equal(utf8("O'Brien^Nora"), "IMAGES_O'Brien.zip");
  assert.equal(utf8('gpj.\u202eexe^x'), 'IMAGES_gpj.exe.zip');
  assert.equal(utf8('../a\\b:c"d|e?*\0\ud800^x'), 'IMAGES_abcde.zip');
  assert.equal(utf8(' .. ^x'), 'IMAGES_Patient.zip');
});

test('a cut UTF-8 name ends between characters', () => {
  const { utf8 } = downloadName('👩‍⚕️'.repeat(30), 'zip');
  const lastname = utf8.slice('IMAGES_'.length, -'.zip'.length);
  assert.ok(lastname.length > 0 && lastname.length <= 40);
  assert.ok(lastname.isWellFormed());
});

test('the header carries both names, quoted and percent-encoded', () => {
  assert.equal(
    contentDisposition(downloadName('Müller^Jörg', 'zip')),
    `attachment; filename="IMAGES_Muller.zip"; filename*=UTF-8''IMAGES_M%C3%BCller.zip`,
  );
  assert.equal(
    contentDisposition({ ascii: 'a"b\\c\r\nX: y', utf8: "a'(b)*\r\n\ud800" }, 'inline'),
    `inline; filename="a\\"b\\\\c__X: y"; filename*=UTF-8''a%27%28b%29%2A%0D%0A%EF%BF%BD`,
  );
});
