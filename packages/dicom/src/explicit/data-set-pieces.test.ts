import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  type Wire,
  fileMeta as fixtureMeta,
  identity,
  joined,
  latinBytes,
  writer,
} from '../../fixtures/part10.ts';
import { someFile } from '../../fixtures/random-file.ts';
import { headOf, inflate, readFully } from '../../fixtures/reading.ts';
import type { Head } from '../head.ts';
import { fileMark, fileMeta } from '../meta-writer.ts';
import { elementsBehind } from './behind-pixels.ts';
import { type Changes, DataSetPieces, Unwritable } from './data-set-pieces.ts';
import { type Piece, turnWords } from './pieces.ts';

const ROUNDS = 2_000;

/** All pieces as bytes; stretches are read from the file, or from the data set it deflates. */
function whole(pieces: readonly Piece[], file: Uint8Array): Uint8Array {
  return joined(
    pieces.map((piece) => {
      if (piece instanceof Uint8Array) return piece;
      const bytes = file.slice(piece.offset, piece.offset + piece.length);
      turnWords(bytes, piece.word);
      return bytes;
    }),
  );
}

function explicitPieces(head: Head, changes?: Changes): Piece[] {
  const { source, dataSet } = head.scanned;
  const written = new DataSetPieces();
  written.dataSet(source, dataSet, changes);
  return written.pieces();
}

function explicitFile(head: Head, file: Uint8Array, changes?: Changes): Uint8Array {
  const meta = fileMeta({
    sopClassUid: head.sopClassUid,
    sopInstanceUid: head.sopInstanceUid,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
  });
  return joined([fileMark(), meta, whole(explicitPieces(head, changes), file)]);
}

test('any data set says the same in Explicit VR Little Endian', () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const { bytes, json } = someFile(seed);
    let body = bytes;
    const head = headOf(bytes, { inflate: (...asked) => (body = inflate(...asked)) });
    const made = headOf(explicitFile(head, body));
    const expected = { ...Object(json), '00083002': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] } };
    assert.deepEqual(JSON.parse(made.json), expected, `seed ${seed}`);
    assert.deepEqual([made.transferSyntaxUid, made.warnings], ['1.2.840.10008.1.2.1', []], `seed ${seed}`);
  }
});

const UIDS = new Map<Wire, string>([
  [IMPLICIT_LITTLE, '1.2.840.10008.1.2'],
  [EXPLICIT_LITTLE, '1.2.840.10008.1.2.1'],
  [EXPLICIT_BIG, '1.2.840.10008.1.2.2'],
]);

/** A file with these elements between those that identify it. */
function fileWith(wire: Wire, ...elements: Uint8Array[]): Uint8Array {
  const { before, after } = identity(wire);
  return joined([fixtureMeta(UIDS.get(wire)!), before, ...elements, after]);
}

function madeOf(file: Uint8Array, changes?: Changes): Head {
  return headOf(explicitFile(headOf(file), file, changes));
}

const jsonOf = (head: Head) => JSON.parse(head.json);

test('a long value of short VR is OW where that may be, else UN, its bytes untouched', () => {
  const { element } = writer(IMPLICIT_LITTLE);
  const text = 'x'.repeat(70_000);
  const numbers = Array.from({ length: 40_000 }, (_, at) => at % 60_000);
  const file = fileWith(IMPLICIT_LITTLE, element(0x00180010, 'LO', text));
  const made = explicitFile(headOf(file), file);
  const at = made.findIndex((_, i) => latinBytes('\x18\0\x10\0UN').every((byte, k) => made[i + k] === byte));
  assert.ok(at > 0);
  assert.equal(new DataView(made.buffer).getUint32(at + 8, true), 70_000);
  assert.equal(made[at + 12], 0x78);
  // Mapped Pixel Value: US or SS by the dictionary, never OW; LUT Data may be OW.
  const { before, after } = identity(IMPLICIT_LITTLE);
  const table = joined([
    fixtureMeta(UIDS.get(IMPLICIT_LITTLE)!),
    before,
    after,
    element(0x00283006, 'US', numbers),
  ]);
  assert.equal(jsonOf(madeOf(table))['00283006'].vr, 'OW');
});

test('words of big endian are turned, in values at hand and in those left where they lie', () => {
  const { element } = writer(EXPLICIT_BIG);
  const words = (count: number) => {
    const bytes = new Uint8Array(count * 2);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < count; at++) view.setUint16(at * 2, at, false);
    return bytes;
  };
  const file = fileWith(
    EXPLICIT_BIG,
    element(0x00091001, 'OW', words(4)),
    element(0x00091002, 'OW', words(200_000)),
    element(0x00091003, 'OB', words(4)),
    element(0x00091004, 'AT', [0x0010, 0x0020]),
  );
  const head = headOf(file);
  assert.ok(explicitPieces(head).some((piece) => !(piece instanceof Uint8Array) && piece.word === 2));
  const made = explicitFile(head, file);
  const again = headOf(made);
  const found = jsonOf(again);
  assert.equal(
    found['00091001'].InlineBinary,
    Buffer.from(Uint16Array.of(0, 1, 2, 3).buffer).toString('base64'),
  );
  assert.equal(found['00091003'].InlineBinary, Buffer.from(words(4)).toString('base64'));
  assert.deepEqual(found['00091004'].Value, ['00100020']);
  const { offset } = again.attributes.location(0x00091002)!;
  assert.deepEqual([...new Uint16Array(made.slice(offset, offset + 8).buffer)], [0, 1, 2, 3]);
});

test('private elements keep their VR, or are UN where the file names none; sequences among them stay sequences', () => {
  const implicit = writer(IMPLICIT_LITTLE);
  const item = implicit.element(0x00091002, 'LO', 'in it ');
  const file = fileWith(
    IMPLICIT_LITTLE,
    implicit.element(0x00090010, 'LO', 'SOMEBODY'),
    implicit.openSequence(0x00091001, [item]),
    implicit.element(0x00091003, 'DS', '1.5 '),
  );
  const found = jsonOf(madeOf(file));
  assert.equal(found['00090010'].vr, 'LO');
  assert.equal(found['00091001'].vr, 'SQ');
  assert.equal(found['00091001'].Value[0]['00091002'].vr, 'UN');
  assert.equal(found['00091003'].InlineBinary, Buffer.from('1.5 ').toString('base64'));
  const big = writer(EXPLICIT_BIG);
  const named = jsonOf(madeOf(fileWith(EXPLICIT_BIG, big.element(0x00091003, 'FD', [1.5]))));
  assert.deepEqual(named['00091003'], { vr: 'FD', Value: [1.5] });
});

test('values are made even, group lengths go, changes are made where they belong', () => {
  const { element } = writer(EXPLICIT_LITTLE);
  const odd = (tag: number, vr: string, text: string) => element(tag, vr, latinBytes(text));
  const file = fileWith(
    EXPLICIT_LITTLE,
    element(0x00100000, 'UL', [99]),
    odd(0x00100010, 'PN', 'ODD'),
    odd(0x00180015, 'CS', 'ARM'),
    element(0x00189999, 'LO', 'gone'),
  );
  const changes: Changes = new Map([
    [0x00189999, null],
    [0x00180015, { vr: 'CS', value: latinBytes('HAND') }],
    [0x00180016, { vr: 'CS', value: latinBytes('NEW') }],
  ]);
  const made = explicitFile(headOf(file), file, changes);
  const found = jsonOf(headOf(made));
  assert.deepEqual(found['00100010'].Value, [{ Alphabetic: 'ODD' }]);
  assert.deepEqual([found['00180015'].Value, found['00180016'].Value], [['HAND'], ['NEW']]);
  assert.equal(found['00189999'], undefined);
  assert.equal(made.length % 2, 0);
  assert.ok(!Buffer.from(made).includes(Buffer.from([0x10, 0, 0, 0, 0x55, 0x4c])));
});

test('fragments within a sequence cannot be said', () => {
  const { element, fragments, sequence } = writer(EXPLICIT_LITTLE);
  const icon = joined([element(0x00280010, 'US', [1]), fragments(0x7fe00010, [latinBytes('ab')])]);
  const file = fileWith(EXPLICIT_LITTLE, sequence(0x00091001, [icon]));
  assert.throws(() => explicitPieces(headOf(file)), Unwritable);
});

test('what stands behind the pixels comes along as far as it is DICOM and in order', () => {
  const { element } = writer(IMPLICIT_LITTLE);
  const pixels = element(0x7fe00010, 'OW', new Uint8Array(4));
  const { before, after } = identity(IMPLICIT_LITTLE);
  const image = joined([fixtureMeta(UIDS.get(IMPLICIT_LITTLE)!), before, after, pixels]);
  const signature = element(0xfffcfffc, 'OB', new Uint8Array(6));
  const behind = (...more: Uint8Array[]) => {
    const file = joined([image, ...more]);
    const result = readFully(file);
    assert.ok(result.kind === 'head');
    const read = (offset: number, length: number) => file.slice(offset, offset + length);
    return whole(elementsBehind(result.head, image.length, { read }), file);
  };
  const expected = writer(EXPLICIT_LITTLE).element(0xfffcfffc, 'OB', new Uint8Array(6));
  assert.deepEqual(behind(signature), expected);
  assert.deepEqual(behind(signature, new Uint8Array(100)), expected);
  assert.deepEqual(behind(latinBytes('neither here nor there')), new Uint8Array());
  assert.deepEqual(behind(element(0x00100010, 'PN', 'Again^A ')), new Uint8Array());
  assert.deepEqual(behind(), new Uint8Array());
  assert.throws(() => behind(new Uint8Array(17 * 1024 * 1024)), Unwritable);
});
