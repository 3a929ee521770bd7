import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { chance } from '../fixtures/chance.ts';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  ROOT_UID,
  fileMeta,
  joined,
  latinBytes,
  writer,
} from '../fixtures/part10.ts';
import { SETS, randomDataSet } from '../fixtures/random-data-set.ts';
import { readFully } from '../fixtures/reading.ts';

const ENCODINGS = [
  { uid: '1.2.840.10008.1.2', wire: IMPLICIT_LITTLE },
  { uid: '1.2.840.10008.1.2.1', wire: EXPLICIT_LITTLE },
  { uid: '1.2.840.10008.1.2.1.99', wire: EXPLICIT_LITTLE },
  { uid: '1.2.840.10008.1.2.2', wire: EXPLICIT_BIG },
];
const ROUNDS = 2_000;
const IDENTITY: [tag: number, uid: string][] = [
  [0x00080016, '1.2.840.10008.5.1.4.1.1.7'],
  [0x00080018, `${ROOT_UID}.1.1`],
  [0x0020000d, `${ROOT_UID}.2`],
  [0x0020000e, `${ROOT_UID}.3`],
];

/** A file by chance, and its DICOM JSON. */
function someFile(seed: number): { bytes: Uint8Array; json: unknown } {
  const by = chance(seed);
  const { uid, wire } = by.oneOf(ENCODINGS);
  const letters = by.oneOf(SETS);
  const { elements, json } = randomDataSet(by, wire, { letters, depth: 4 });
  const { element } = writer(wire);
  elements.push(...IDENTITY.map(([tag, value]): [number, Uint8Array] => [tag, element(tag, 'UI', value)]));
  if (letters.terms !== '') elements.push([0x00080005, element(0x00080005, 'CS', letters.terms)]);
  const dataSet = joined(elements.sort(([a], [b]) => a - b).map(([, written]) => written));
  const body = uid.endsWith('.99') ? deflateRawSync(dataSet) : dataSet;
  const bare = by.once(4) && !uid.endsWith('.99');
  for (const [tag, value] of IDENTITY)
    json[tag.toString(16).toUpperCase().padStart(8, '0')] = { vr: 'UI', Value: [value] };
  json['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  json['00083002'] = { vr: 'UI', Value: [uid] };
  return { bytes: bare ? dataSet : joined([fileMeta(uid), body]), json };
}

test('whatever is written in any transfer syntax reads back equal, from any first prefix', () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const { bytes, json } = someFile(seed);
    const result = readFully(bytes, 1 + (seed % 300));
    assert.ok(result.kind === 'head', `seed ${seed}: ${result.kind === 'refused' && result.detail}`);
    assert.deepEqual(JSON.parse(result.head.json), json, `seed ${seed}`);
    assert.deepEqual(
      result.head.warnings.filter((warning) => !warning.startsWith('no-')),
      [],
      `seed ${seed}`,
    );
  }
});

test('cutting a file anywhere gives a head with fewer attributes or a reason', () => {
  const { bytes } = someFile(7);
  for (let length = 0; length < bytes.length; length++) {
    const result = readFully(bytes.subarray(0, length));
    assert.ok(result.kind === 'head' || result.kind === 'refused');
    if (result.kind === 'head') JSON.parse(result.head.json);
  }
});

test('bytes by chance behind the mark are a reason, never an error', () => {
  const mark = fileMeta('1.2.840.10008.1.2.1');
  for (let seed = 1; seed <= 2_000; seed++) {
    const by = chance(seed);
    const noise = Uint8Array.from({ length: by.below(400) }, () => by.below(256));
    const bytes = joined([by.once(2) ? mark : latinBytes('\x08\0'), noise]);
    assert.equal(readFully(bytes).kind, 'refused', `seed ${seed}`);
  }
});
