import assert from 'node:assert/strict';
import { constants, deflateRawSync } from 'node:zlib';
import { test } from 'node:test';
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, ROOT_UID } from '../fixtures/part10.ts';
import { fileMeta, identity, joined, latinBytes, writer } from '../fixtures/part10.ts';
import type { Wire } from '../fixtures/part10.ts';
import { headOf, inflate, readFully, refusalReason } from '../fixtures/reading.ts';
import { readHead } from './read-head.ts';
import { REFUSAL_SENTENCES } from './refusals.ts';
import { Tag } from './tags.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';
const BIG = '1.2.840.10008.1.2.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const JPEG = '1.2.840.10008.1.2.4.50';

const { element, sequence, openSequence, fragments } = writer(EXPLICIT_LITTLE);

/** A data set with a bit of everything, and its pixels last. */
function dataSet(wire: Wire): Uint8Array {
  const to = writer(wire);
  const { before, after } = identity(wire);
  const code = to.element(0x00080104, 'LO', 'Meaning');
  return joined([
    before,
    to.sequence(0x00081032, [code, code]),
    to.openSequence(0x00081111, [to.openSequence(0x00081199, [code])]),
    to.element(0x00100010, 'PN', 'Doe^Jane'),
    to.element(0x00100020, 'LO', 'P1'),
    after,
    ...[to.element(0x00200013, 'IS', '7\0'), to.element(0x00280002, 'US', [1])],
    ...[
      to.element(0x00280010, 'US', [2]),
      to.element(0x00280011, 'US', [3]),
      to.element(0x00280100, 'US', [16]),
    ],
    ...[to.element(0x00280103, 'US', [1]), to.element(0x00280106, 'SS', [-5])],
    to.element(0x7fe00010, 'OW', new Uint8Array(12)),
  ]);
}

function explicitFile(...elements: Uint8Array[]): Uint8Array {
  const { before, after } = identity(EXPLICIT_LITTLE);
  return joined([fileMeta(EXPLICIT), before, after, ...elements]);
}

const FILES: [name: string, file: Uint8Array, transferSyntaxUid: string][] = [
  ['explicit', joined([fileMeta(EXPLICIT), dataSet(EXPLICIT_LITTLE)]), EXPLICIT],
  ['implicit', joined([fileMeta(IMPLICIT), dataSet(IMPLICIT_LITTLE)]), IMPLICIT],
  ['big endian', joined([fileMeta(BIG), dataSet(EXPLICIT_BIG)]), BIG],
  ['deflated', joined([fileMeta(DEFLATED), deflateRawSync(dataSet(EXPLICIT_LITTLE))]), DEFLATED],
  ['bare explicit', dataSet(EXPLICIT_LITTLE), EXPLICIT],
  ['bare implicit', dataSet(IMPLICIT_LITTLE), IMPLICIT],
  ['bare big endian', dataSet(EXPLICIT_BIG), BIG],
  ['meta without preamble', joined([fileMeta(EXPLICIT).subarray(132), dataSet(EXPLICIT_LITTLE)]), EXPLICIT],
  ['mark without preamble', joined([fileMeta(EXPLICIT).subarray(128), dataSet(EXPLICIT_LITTLE)]), EXPLICIT],
  ['implicit that says explicit', joined([fileMeta(EXPLICIT), dataSet(IMPLICIT_LITTLE)]), IMPLICIT],
  ['explicit that says implicit', joined([fileMeta(IMPLICIT), dataSet(EXPLICIT_LITTLE)]), EXPLICIT],
  ['little endian that says big', joined([fileMeta(BIG), dataSet(EXPLICIT_LITTLE)]), EXPLICIT],
  ['plain that says deflated', joined([fileMeta(DEFLATED), dataSet(EXPLICIT_LITTLE)]), EXPLICIT],
];

for (const [name, file, transferSyntaxUid] of FILES)
  test(`a file that is ${name} reads like any other`, () => {
    const head = headOf(file);
    const reference = headOf(FILES[0]![1]);
    assert.equal(head.transferSyntaxUid, transferSyntaxUid);
    assert.equal(head.json.replace(`"${transferSyntaxUid}"`, `"${EXPLICIT}"`), reference.json);
    assert.equal(head.attributes.number(Tag.instanceNumber), 7);
    assert.equal(head.attributes.number(0x00280106), -5);
    assert.equal(head.pixelData?.length, 12);
    assert.equal(head.warnings.includes('transfer-syntax-lies'), name.includes('says'));
  });

test('asking for more always makes progress and ends, whatever the first prefix', () => {
  for (const [name, file] of FILES) {
    for (let first = 0; first < file.length; first += 7) {
      const result = readFully(file, first);
      assert.equal(result.kind, 'head', `${name} from ${first}`);
    }
  }
});

test('pixels need not be at hand', () => {
  const file = explicitFile(element(0x7fe00010, 'OW', new Uint8Array(8)));
  const size = 3 * 2 ** 30;
  new DataView(file.buffer).setUint32(file.length - 12, size - file.length + 8, true);
  const result = readHead(file.subarray(0, file.length - 8), size);
  assert.ok(result.kind === 'head');
  assert.deepEqual(result.head.pixelData, {
    ...{ tag: Tag.pixelData, vr: 'OW', encapsulated: false },
    ...{ offset: file.length - 8, length: size - file.length + 8 },
  });
});

test('a wrong group length of the meta header does no harm', () => {
  const file = FILES[0]![1].slice();
  new DataView(file.buffer).setUint32(140, 7, true);
  assert.equal(headOf(file).json, headOf(FILES[0]![1]).json);
});

test('a UID loses its padding and nothing else', () => {
  const { before, after } = identity(EXPLICIT_LITTLE);
  const odd = element(0x00080018, 'UI', latinBytes('REM.SAMPLES 01 \0'));
  const file = joined([fileMeta(EXPLICIT), before.subarray(0, 34), odd, after]);
  assert.equal(headOf(file).sopInstanceUid, 'REM.SAMPLES 01');
});

const REFUSED: [reason: string, name: string, file: Uint8Array][] = [
  ['empty', 'nothing', new Uint8Array(0)],
  ['not-dicom', 'text', latinBytes('This is a text. '.repeat(20))],
  ['not-dicom', 'zeros', new Uint8Array(5000)],
  ['not-dicom', 'a few bytes', Uint8Array.of(8, 0, 5)],
  ['not-dicom', 'ACR-NEMA without UIDs', writer(IMPLICIT_LITTLE).element(0x00080060, 'CS', 'MR')],
  [
    'no-identity',
    'random bytes after the mark',
    joined([fileMeta(EXPLICIT), element(0x00080060, 'CS', 'MR')]),
  ],
  ['no-identity', 'no study', joined([fileMeta(EXPLICIT), identity(EXPLICIT_LITTLE).before])],
  ['dicomdir', 'records', joined([fileMeta(EXPLICIT), element(0x00041130, 'CS', 'DISC')])],
  ['dicomdir', 'records', joined([fileMeta(EXPLICIT), openSequence(0x00041220, [])])],
  ['truncated', 'ends in the header', FILES[0]![1].subarray(0, FILES[0]![1].length - 40)],
  ['truncated', 'ends in the UIDs', FILES[0]![1].subarray(0, 240)],
  ['inflate-failed', 'damaged', joined([fileMeta(DEFLATED), new Uint8Array(99).fill(0xff)])],
];

for (const [reason, name, file] of REFUSED)
  test(`${name}: refused as ${reason}`, () => {
    assert.equal(refusalReason(file), reason);
    assert.ok(reason in REFUSAL_SENTENCES);
  });

const PROGRAMS = ['MZ', '\x7fELF', '\xfe\xed\xfa\xce', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '#!/bin/sh'];
const DOCUMENTS = ['%PDF-1.4', '  \n%PDF', '<html>', ' \r\n<script>', '\xef\xbb\xbf<svg'];

test('a preamble that a machine would run or open is refused', () => {
  for (const start of [...PROGRAMS, ...DOCUMENTS]) {
    const file = FILES[0]![1].slice();
    file.set(latinBytes(start));
    assert.equal(refusalReason(file), 'program-preamble', JSON.stringify(start));
  }
});

test('a TIFF preamble is kept, any other is told', () => {
  const file = FILES[0]![1].slice();
  file.set(latinBytes('II*\0'));
  assert.deepEqual([headOf(file).preamble, headOf(file).warnings], ['tiff', []]);
  file.set(latinBytes('GIF8'));
  assert.deepEqual([headOf(file).preamble, headOf(file).warnings], ['other', ['preamble-not-empty']]);
});

test('a file that ends in its pixels is taken with a warning', () => {
  const file = FILES[0]![1].subarray(0, FILES[0]![1].length - 5);
  const head = headOf(file);
  assert.deepEqual([head.warnings, head.pixelData?.length], [['pixel-data-cut-off'], 7]);
});

test('a document that ends early but can be filed is taken with a warning', () => {
  const file = explicitFile(element(0x0040a730, 'UT', 'long text')).subarray(0, -4);
  assert.deepEqual(headOf(file).warnings, ['header-cut-off']);
});

/** Sequences within sequences, in undefined lengths, never closed. */
function nested(depth: number): Uint8Array {
  const level = openSequence(0x00081115, [new Uint8Array(0)]).subarray(0, 20);
  return explicitFile(...Array.from({ length: depth }, () => level));
}

test('nesting is read up to the limit and refused beyond it, without recursion', () => {
  assert.equal(refusalReason(nested(60)), 'head');
  assert.equal(refusalReason(nested(66)), 'too-deep');
  assert.equal(refusalReason(nested(20_000)), 'too-deep');
});

test('a header beyond the limits is refused', () => {
  const many = explicitFile(...Array.from({ length: 300 }, (_, n) => element(0x00210000 + n, 'LO', '')));
  assert.equal(refusalReason(many, { maxElements: 100 }), 'too-large-header');
  const result = readHead(FILES[0]![1].subarray(0, 200), 2 ** 40, { maxHeadBytes: 200 });
  assert.equal(result.kind === 'refused' && result.reason, 'too-large-header');
});

test('without an inflater a deflated file is refused, not guessed at', () => {
  assert.equal(refusalReason(FILES[3]![1], {}), 'inflate-unavailable');
});

/** 2^30 zeros: one deflated mebibyte, repeated, is a valid stream. */
function bomb(): Uint8Array {
  const block = deflateRawSync(new Uint8Array(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH });
  return joined([
    fileMeta(DEFLATED),
    ...Array.from({ length: 1024 }, () => block),
    deflateRawSync(new Uint8Array(0)),
  ]);
}

test('a gibibyte deflated to a mebibyte is refused in bounded memory', (t) => {
  const file = bomb();
  const before = process.memoryUsage().rss;
  assert.equal(refusalReason(file), 'inflate-limit');
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  t.diagnostic(`grew by ${grown.toFixed(0)} MiB`);
  assert.ok(grown < 250);
});

test('an inflater that gives more than asked for is not believed', () => {
  const options = { inflate: () => new Uint8Array(1000), maxInflatedBytes: 999 };
  assert.equal(refusalReason(FILES[3]![1], options), 'inflate-limit');
  assert.equal(refusalReason(FILES[3]![1], { inflate, maxInflatedBytes: 40 }), 'inflate-limit');
});

test('encapsulated pixels are located without a look at them', () => {
  const { before, after } = identity(EXPLICIT_LITTLE);
  const start = joined([fileMeta(JPEG), before, after]);
  const file = joined([start, fragments(0x7fe00010, [new Uint8Array(0), new Uint8Array(10)])]);
  const { pixelData } = headOf(file);
  assert.deepEqual([pixelData?.encapsulated, pixelData?.offset], [true, start.length + 12]);
});

test('a lying length within a sequence spoils that sequence alone', () => {
  const inner = element(0x00080104, 'LO', 'Meaning');
  const broken = sequence(0x00081032, [inner]);
  new DataView(broken.buffer).setUint16(26, 4000, true);
  const head = headOf(explicitFile(broken, element(0x00204000, 'LT', 'Comment')));
  assert.equal(head.attributes.text(0x00204000), 'Comment');
  assert.deepEqual(head.warnings, ['length-overflow']);
  assert.equal(head.sopInstanceUid, `${ROOT_UID}.1.1`);
});

test('UN with a sequence inside is read as implicit, and what follows is not lost', () => {
  const implicit = writer(IMPLICIT_LITTLE);
  const content = implicit
    .openSequence(0x00081032, [implicit.element(0x00080104, 'LO', 'Meaning')])
    .subarray(8);
  const header = element(0x00081032, 'UN', new Uint8Array(0));
  new DataView(header.buffer).setUint32(8, 0xffffffff, true);
  const head = headOf(explicitFile(header, content, element(0x00204000, 'LT', 'Comment')));
  assert.equal(head.attributes.items(0x00081032)[0]?.text(0x00080104), 'Meaning');
  assert.equal(head.attributes.text(0x00204000), 'Comment');
});

test('limits hold to the element and to the byte', () => {
  for (const [wire, uid] of [[EXPLICIT_LITTLE, EXPLICIT] as const, [IMPLICIT_LITTLE, IMPLICIT] as const]) {
    const { before, after } = identity(wire);
    const creators = Array.from({ length: 40 }, (_, index) =>
      writer(wire).element(0x00410010 + index, 'LO', 'MAKER'),
    );
    const file = joined([fileMeta(uid), before, after, ...creators]);
    const { elements } = headOf(file).scanned.dataSet;
    const valueBytes = elements.reduce((sum, { length }) => sum + length, 0);
    for (const [most, verdict] of [[0, 'head'] as const, [-1, 'too-large-header'] as const]) {
      assert.equal(refusalReason(file, { maxElements: elements.length + most }), verdict);
      assert.equal(refusalReason(file, { maxValueBytes: valueBytes + most }), verdict);
    }
  }
});
