import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { transferSyntaxes, writePart10 } from './part10.ts';
import { UnwritableValue } from './values.ts';

const identity = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '2.25.7' };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bare = (transferSyntaxUid: string, attributes: Parameters<typeof writePart10>[0]['attributes']) =>
  hex(writePart10({ attributes, transferSyntaxUid, bareDataSet: true }));

test('a file starts with 128 zero bytes, DICM and a group length that leads to the data set', () => {
  const file = Buffer.from(writePart10({ attributes: { ...identity, PatientName: 'A^B' } }));
  assert.equal(file.toString('latin1', 0, 132), '\0'.repeat(128) + 'DICM');
  assert.equal(hex(file.subarray(132, 140)), '02000000554c0400');
  const dataSet = 144 + file.readUInt32LE(140);
  assert.equal(hex(file.subarray(dataSet, dataSet + 6)), '080016005549');
});

test('text is padded with a space, UIDs and bytes with a zero byte, and numbers keep their order', () => {
  assert.equal(
    bare(transferSyntaxes.explicitVrLittleEndian, { PatientName: 'A^B' }),
    '10001000504e0400415e4220',
  );
  assert.equal(
    bare(transferSyntaxes.explicitVrLittleEndian, { SOPInstanceUID: '2.25.7' }),
    '0800180055490600322e32352e37',
  );
  assert.equal(
    bare(transferSyntaxes.explicitVrLittleEndian, { SOPInstanceUID: '2.25.71' }),
    '0800180055490800322e32352e373100',
  );
  assert.equal(bare(transferSyntaxes.explicitVrBigEndian, { Rows: 258 }), '0028001055530002' + '0102');
  assert.equal(bare(transferSyntaxes.implicitVrLittleEndian, { Rows: 258 }), '28001000020000000201');
});

test('pixels of 16 bits are swapped in big endian and those of 8 bits are not', () => {
  const PixelData = Uint8Array.of(1, 2, 3, 4);
  assert.match(
    bare(transferSyntaxes.explicitVrBigEndian, { PixelData, BitsAllocated: 16 }),
    /4f5700000000000402010403$/,
  );
  assert.match(
    bare(transferSyntaxes.explicitVrBigEndian, { PixelData, BitsAllocated: 8 }),
    /4f4200000000000401020304$/,
  );
});

test('sequences have a length, or delimiters when asked for', () => {
  const attributes = { ReferencedImageSequence: [{ Rows: 1 }] };
  const of = (undefinedLength: boolean) =>
    hex(writePart10({ attributes, undefinedLength, bareDataSet: true }));
  assert.equal(of(false), '08004011' + '53510000' + '12000000' + 'feff00e00a000000' + '28001000555302000100');
  assert.equal(
    of(true),
    '08004011' +
      '53510000' +
      'ffffffff' +
      'feff00e0ffffffff' +
      '28001000555302000100' +
      'feff0de000000000' +
      'feffdde000000000',
  );
});

test('compressed frames are fragments behind an offset table that counts from the first of them', () => {
  const PixelData = { fragments: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)] };
  const tail =
    'feff00e008000000' +
    '000000000c000000' +
    'feff00e00400000001020300' +
    'feff00e0020000000405' +
    'feffdde000000000';
  assert.ok(bare(transferSyntaxes.rleLossless, { PixelData }).endsWith(`4f420000ffffffff${tail}`));
  const empty = bare(transferSyntaxes.rleLossless, { PixelData: { ...PixelData, emptyOffsetTable: true } });
  assert.ok(empty.endsWith('ffffffff' + 'feff00e000000000' + tail.slice(32)));
});

test('a deflated data set inflates to the same data set in explicit VR', () => {
  const attributes = { PatientName: 'Lovelace^Ada' };
  const deflated = writePart10({
    attributes,
    transferSyntaxUid: transferSyntaxes.deflatedExplicitVrLittleEndian,
    bareDataSet: true,
  });
  assert.equal(hex(inflateRawSync(deflated)), bare(transferSyntaxes.explicitVrLittleEndian, attributes));
});

test('a DS longer than sixteen characters loses digits, not its place', () => {
  assert.match(
    Buffer.from(bare(transferSyntaxes.explicitVrLittleEndian, { SliceLocation: -100 / 3 }), 'hex').toString(),
    /-33\.3333333 ?$/,
  );
});

test('a sequence under a text VR is refused', () => {
  assert.throws(() => writePart10({ attributes: { PatientName: [{ Rows: 1 }] } }), UnwritableValue);
});
