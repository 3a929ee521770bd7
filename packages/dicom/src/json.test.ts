import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  ROOT_UID,
  fileMeta,
  identity,
  joined,
  latinBytes,
  writer,
} from '../fixtures/part10.ts';
import { headOf } from '../fixtures/reading.ts';

const { element, sequence, openSequence } = writer(EXPLICIT_LITTLE);

function fileWith(...elements: Uint8Array[]): Uint8Array {
  const { before, after } = identity(EXPLICIT_LITTLE);
  return joined([fileMeta('1.2.840.10008.1.2.1'), before, after, ...elements]);
}

/** The JSON of one element after it went through a file. */
function written(tag: number, vr: string, value: Parameters<typeof element>[2]): unknown {
  const json = headOf(fileWith(element(tag, vr, value))).json;
  return JSON.parse(json)[tag.toString(16).toUpperCase().padStart(8, '0')];
}

const VALUES: [vr: string, value: Parameters<typeof element>[2], expected: unknown[] | undefined][] = [
  ['LO', 'one\\two ', ['one', 'two']],
  ['LO', 'one\\\\three', ['one', null, 'three']],
  ['LO', '', undefined],
  ['LO', '    ', undefined],
  ['LO', 'a "quoted" word', ['a "quoted" word']],
  ['LO', 'tab\there', ['tab\there']],
  ['LT', 'back\\slash\r\nand line', ['back\\slash\r\nand line']],
  ['UI', '1.2\\1.3\0', ['1.2', '1.3']],
  [
    'PN',
    'A^B\\C=D\\=E',
    [{ Alphabetic: 'A^B' }, { Alphabetic: 'C', Ideographic: 'D' }, { Ideographic: 'E' }],
  ],
  ['DS', '1.5\\-0.25\\+3\\.5\\7.\\1e3\\007', [1.5, -0.25, 3, 0.5, 7, 1000, 7]],
  ['DS', '1\\ 2 \\\\x\\1e999\\0x10\\Infinity', [1, 2, null, 'x', '1e999', '0x10', 'Infinity']],
  ['DS', '12345678901234567890.123456789', [Number('12345678901234567890.123456789')]],
  ['IS', '100\0', [100]],
  ['IS', '-0\\00\\0', [-0, 0, 0]],
  ['US', [0, 65535], [0, 65535]],
  ['SS', [-1], [-1]],
  ['UL', [4294967295], [4294967295]],
  ['SL', [-2147483648], [-2147483648]],
  ['FL', [0.5], [0.5]],
  ['FD', [1.5, NaN, Infinity, -Infinity, -0], [1.5, 'NaN', 'inf', '-inf', -0]],
  ['SV', [-5n, -(2n ** 62n)], [-5, String(-(2n ** 62n))]],
  ['UV', [5n, 2n ** 53n], [5, String(2n ** 53n)]],
  ['AT', [0x0020, 0x000d, 0xfffe, 0xe00d], ['0020000D', 'FFFEE00D']],
  ['US', [], undefined],
];

for (const [vr, value, expected] of VALUES)
  test(`${vr} ${JSON.stringify(String(value))} is written as ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(
      written(0x00204000, vr, value),
      expected === undefined ? { vr } : { vr, Value: expected },
    );
  });

test('short binary values stand inline, in little endian whatever the file is', () => {
  assert.deepEqual(written(0x00204000, 'OB', Uint8Array.of(1, 2)), { vr: 'OB', InlineBinary: 'AQI=' });
  assert.deepEqual(written(0x00204000, 'OB', new Uint8Array(0)), { vr: 'OB' });
  const bytes = Uint8Array.from({ length: 1024 }, (_, at) => at);
  const inline = { vr: 'OB', InlineBinary: Buffer.from(bytes).toString('base64') };
  assert.deepEqual(written(0x00204000, 'OB', bytes), inline);
  const { before, after } = identity(EXPLICIT_BIG);
  const words = writer(EXPLICIT_BIG).element(0x00281201, 'OW', Uint8Array.of(1, 2, 3, 4));
  const file = Buffer.from(joined([fileMeta('1.2.840.10008.1.2.2'), before, after, words]));
  const big = headOf(file);
  assert.deepEqual(JSON.parse(big.json)['00281201'], { vr: 'OW', InlineBinary: 'AgEEAw==' });
  assert.deepEqual([...file.subarray(-4)], [1, 2, 3, 4]);
});

test('long binary values are linked relative to the series, with their place in the file', () => {
  const blob = Uint8Array.from({ length: 1025 }, (_, at) => at % 251);
  const item = openSequence(0x00081111, [element(0x00204000, 'LT', 'x'), element(0x00420011, 'OB', blob)]);
  const file = fileWith(sequence(0x00081115, [item]), element(0x54001010, 'OW', blob));
  const { json, bulkData } = headOf(file);
  const paths = bulkData.map(({ path }) => path);
  assert.deepEqual(paths, ['00081115/1/00081111/2/00420011', '54001010']);
  for (const { path, offset, length } of bulkData) {
    assert.ok(json.includes(`"BulkDataURI":"instances/${ROOT_UID}.1.1/bulkdata/${path}"`));
    assert.deepEqual(file.subarray(offset, offset + length), blob);
  }
});

test('long texts and number tables are linked, long lists of decimals are not', () => {
  const limits: [vr: string, value: Uint8Array, linked: boolean][] = [
    ['UT', new Uint8Array(2 ** 20).fill(0x41), false],
    ['UT', new Uint8Array(2 ** 20 + 2).fill(0x41), true],
    ['DS', latinBytes('1\\'.repeat(30_000) + '1'), false],
  ];
  for (const [vr, value, linked] of limits)
    assert.equal(headOf(fileWith(element(0x00204000, vr, value))).bulkData.length === 1, linked, vr);
});

test('a name of a length no name has is linked, as decoding it would cost too much', () => {
  const unknown = element(0x00321032, 'UN', new Uint8Array(2 ** 16 + 2).fill(0x41));
  assert.deepEqual(
    headOf(fileWith(unknown)).bulkData.map(({ vr }) => vr),
    ['PN'],
  );
});

test('tags ascend even where the file does not, and of a tag given twice the last one counts', () => {
  const item = joined([
    element(0x00080104, 'LO', 'old'),
    element(0x00080100, 'SH', 'c'),
    element(0x00080104, 'LO', 'new'),
  ]);
  const file = fileWith(
    sequence(0x00081115, [item]),
    element(0x00100020, 'LO', 'P1'),
    element(0x20500020, 'CS', 'IDENTITY'),
  );
  const { json } = headOf(file);
  const keys = [...json.matchAll(/"([0-9A-F]{8})":\{/g)].map(([, key]) => key);
  assert.deepEqual(keys, [
    ...['00080005', '00080016', '00080018', '00081115', '00080100', '00080104'],
    ...['00083002', '00100020', '0020000D', '0020000E', '20500020'],
  ]);
  assert.ok(json.includes('"new"') && !json.includes('"old"'));
});

test('the text is said to be UTF-8 and the stored transfer syntax is told', () => {
  const json = JSON.parse(headOf(fileWith(element(0x00080005, 'CS', 'ISO_IR 100'))).json);
  assert.deepEqual(json['00080005'], { vr: 'CS', Value: ['ISO_IR 192'] });
  assert.deepEqual(json['00083002'], { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] });
});

test('group lengths are left out, pixel data is linked, private elements are neither', () => {
  const own = [element(0x00090010, 'LO', 'MAKER'), element(0x00091001, 'UN', Uint8Array.of(1))];
  const file = fileWith(element(0x00080000, 'UL', [9]), ...own, element(0x7fe00010, 'OW', new Uint8Array(4)));
  const json = JSON.parse(headOf(file).json);
  assert.ok(!('00080000' in json));
  const link = `instances/${json['00080018'].Value[0]}/bulkdata/7FE00010`;
  assert.deepEqual(json['7FE00010'], { vr: 'OW', BulkDataURI: link });
  assert.deepEqual(headOf(file).bulkData, []);
  const empty = headOf(fileWith(element(0x7fe00010, 'OW', new Uint8Array())));
  assert.deepEqual(JSON.parse(empty.json)['7FE00010'], { vr: 'OW' });
  assert.deepEqual(json['00090010'], { vr: 'LO', Value: ['MAKER'] });
  assert.deepEqual(json['00091001'], { vr: 'UN', InlineBinary: 'AQ==' });
});

test('an empty sequence has no value, an empty item is an empty object', () => {
  const json = JSON.parse(
    headOf(fileWith(sequence(0x00081115, []), openSequence(0x00081140, [new Uint8Array(0)]))).json,
  );
  assert.deepEqual(json['00081115'], { vr: 'SQ' });
  assert.deepEqual(json['00081140'], { vr: 'SQ', Value: [{}] });
});
