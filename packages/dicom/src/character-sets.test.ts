import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXPLICIT_LITTLE, fileMeta, identity, joined, latinBytes, writer } from '../fixtures/part10.ts';
import { headOf } from '../fixtures/reading.ts';
import { characterSet } from './character-sets.ts';
import { Tag } from './tags.ts';

/** Terms, bytes as Latin 1 characters, and the text; most are the examples of PS3.5 Annexes H to K. */
const EXAMPLES: [terms: string, bytes: string, text: string][] = [
  ['', 'Doe^John', 'Doe^John'],
  ['ISO_IR 6', 'Doe^John', 'Doe^John'],
  ['ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
  ['ISO_IR 101', 'Wa\xb3\xeasa', 'Wałęsa'],
  ['ISO_IR 109', 'G\xf8\xb6', 'Gĝĥ'],
  ['ISO_IR 110', '\xe0\xe7', 'āį'],
  ['ISO_IR 144', '\xbb\xee\xda\xe1\xd5\xdc\xd1\xe3\xe0\xd3', 'Люксембург'],
  ['ISO_IR 127', '\xe2\xc8\xc7\xe6\xea', 'قباني'],
  ['ISO_IR 126', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
  ['ISO_IR 138', '\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4', 'שרון^דבורה'],
  ['ISO_IR 148', '\xc7avu\xfeo\xf0lu', 'Çavuşoğlu'],
  ['ISO_IR 166', '\xca\xc1\xaa\xd2\xc2', 'สมชาย'],
  ['ISO_IR 203', '\xa4', '€'],
  ['ISO_IR 13', '\xd4\xcf\xc0\xde^\xc0\xdb\xb3', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
  ['ISO_IR 192', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1', 'Wang^XiaoDong=王^小東'],
  ['GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', 'Wang^XiaoDong=王^小东'],
  ['GBK', '\xcd\xf5\x81\x5c', '王乗'],
  ['\\ISO 2022 IR 87', 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B', 'Yamada^Tarou=山田^太郎'],
  ['ISO 2022 IR 13\\ISO 2022 IR 87', '\xd4\xcf\xc0\xde=\x1b$B;3ED\x1b(J^x', 'ﾔﾏﾀﾞ=山田^x'],
  ['\\ISO 2022 IR 159', '\x1b$(D\x30\x21\x1b(B!', '丂!'],
  ['\\ISO 2022 IR 149', 'Hong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7', 'Hong=洪^吉洞'],
  ['\\ISO 2022 IR 58', 'Zhang=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab', 'Zhang=张^小东'],
  ['\\ISO 2022 IR 87', '\x1b$B;3^\x1b$BED\r\nx', '山^田\r\nx'],
  ['ISO 2022 IR 13\\ISO 2022 IR 87', '\x1b$B;3\xd4', '山ﾔ'],
  ['ISO 2022 IR 100\\ISO 2022 IR 126', 'J\xe9\\\x1b-F\xc4\xe9\\J\xe9', 'Jé\\Δι\\Jé'],
  ['ISO 2022 IR 6\\ISO 2022 IR 144', '\x1b-L\xbb\xee', 'Лю'],
];

for (const [terms, bytes, text] of EXAMPLES)
  test(`${terms || 'no term'} reads ${JSON.stringify(text)}`, () => {
    assert.equal(characterSet(terms).decode(latinBytes(bytes)), text);
    assert.ok(characterSet(terms).known);
  });

test('a character set misspelt in the usual ways is understood', () => {
  for (const terms of [
    'ISO-IR 100',
    'ISO IR 100',
    'iso_ir_100',
    'ISO 2022 IR 100',
    'ISO_IR 2022 100',
    'Latin1',
  ])
    assert.equal(characterSet(terms).decode(Uint8Array.of(0xe9)), 'é', terms);
});

test('an escape that means nothing is kept and ends nothing', () => {
  const texts = ['\x1b', 'a\x1b', '\x1bzz\x1b', '\x1b^x\\y'];
  for (const text of texts) assert.equal(characterSet('\\ISO 2022 IR 87').decode(latinBytes(text)), text);
});

test('an unknown character set is told and read as best as can be', () => {
  const set = characterSet('ISO_IR 999');
  assert.equal(set.known, false);
  assert.equal(set.decode(latinBytes('Doe')), 'Doe');
});

test('letters beyond ASCII under no character set are UTF-8 where that fits, else Latin 1', () => {
  assert.equal(characterSet('').decode(latinBytes('J\xc3\xa9')), 'Jé');
  assert.equal(characterSet('').decode(latinBytes('J\xe9')), 'Jé');
});

test('an item may have a character set of its own; what lies below it inherits it', () => {
  const { element, sequence } = writer(EXPLICIT_LITTLE);
  const { before, after } = identity(EXPLICIT_LITTLE);
  const inner = sequence(0x00081032, [element(0x00080104, 'LO', '\xc4')]);
  const file = joined([
    fileMeta('1.2.840.10008.1.2.1'),
    element(0x00080005, 'CS', 'ISO_IR 100'),
    before,
    sequence(0x00081111, [joined([element(0x00080005, 'CS', 'ISO_IR 126'), inner]), inner]),
    after,
  ]);
  const [greek, latin] = headOf(file).attributes.items(0x00081111);
  assert.equal(greek?.items(0x00081032)[0]?.text(0x00080104), 'Δ');
  assert.equal(latin?.items(0x00081032)[0]?.text(0x00080104), 'Ä');
  assert.match(headOf(file).json, /"Δ".*"Ä"/);
});

test('a name gives its three groups', () => {
  const { element } = writer(EXPLICIT_LITTLE);
  const { before, after } = identity(EXPLICIT_LITTLE);
  const name = 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B';
  const start = joined([fileMeta('1.2.840.10008.1.2.1'), element(0x00080005, 'CS', '\\ISO 2022 IR 87')]);
  const head = headOf(joined([start, before, element(0x00100010, 'PN', name), after]));
  assert.deepEqual(head.attributes.personName(Tag.patientName), {
    alphabetic: 'Yamada^Tarou',
    ideographic: '山田^太郎',
    phonetic: 'やまだ^たろう',
  });
  assert.match(
    head.json,
    /"Alphabetic":"Yamada\^Tarou","Ideographic":"山田\^太郎","Phonetic":"やまだ\^たろう"/,
  );
});
