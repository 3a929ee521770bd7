import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSlice } from '../../fixtures/data-sets.ts';
import { everyRecord, readDicomdir } from '../../fixtures/dicomdir.ts';
import { tagText } from '../json.ts';
import { STORAGE_CLASSES } from '../sop-classes.generated.ts';
import { FileSet } from './file-set.ts';
import type { Key } from './keys.ts';
import { recordKeys } from './record-keys.ts';
import { recordTypeOf } from './record-types.ts';

const ROUNDS = 3000;

/** The same every time, whatever its seed (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Whatever a JSON value can be, with a liking for what lies at the edge of what is allowed. */
function anyValue(below: (n: number) => number, key: Key, depth: number): unknown {
  const texts = [
    '',
    ' ',
    '\\',
    'x'.repeat(70_000),
    '\u0000\u001b$B',
    '\ud800',
    '山田^太郎=',
    'ä',
    '19000230',
    '-1',
    '1e999',
  ];
  const values: (() => unknown)[] = [
    () => null,
    () => texts[below(texts.length)],
    () => [-1, 0.5, 1e300, NaN, 2 ** 53, 65_536, 7][below(7)],
    () => ({ Alphabetic: texts[below(texts.length)], Ideographic: texts[below(texts.length)], Phonetic: 7 }),
    () => [],
    () => true,
    () => (key.vr === 'SQ' && depth < 3 ? anyItem(below, key.items, depth + 1) : {}),
  ];
  return values[below(values.length)]?.();
}

function anyItem(below: (n: number) => number, keys: readonly Key[], depth: number): Record<string, unknown> {
  const chosen = keys.filter(() => below(3) > 0);
  return Object.fromEntries(
    chosen.map((key) => [
      tagText(key.tag),
      { vr: 'UN', Value: Array.from({ length: below(4) }, () => anyValue(below, key, depth)) },
    ]),
  );
}

test('whatever an instance says, the DICOMDIR can be read and lists it', () => {
  const below = chance(20260412);
  const fileSet = new FileSet();
  for (let round = 1; round <= ROUNDS; round++) {
    const [suffix] = STORAGE_CLASSES[round % STORAGE_CLASSES.length] ?? ['1.1.2'];
    const sopClassUid = `1.2.840.10008.5.1.4.${suffix}`;
    const keys = [
      ...recordKeys('PATIENT'),
      ...recordKeys('STUDY').filter(({ vr }) => vr !== 'UI'),
      ...recordKeys('SERIES').filter(({ vr }) => vr !== 'UI'),
      ...recordKeys(recordTypeOf(sopClassUid, true)),
    ];
    const slice = aSlice(round, {}, sopClassUid);
    fileSet.add({
      ...slice,
      dataSet: { ...slice.dataSet, ...JSON.parse(JSON.stringify(anyItem(below, keys, 0))) },
    });
  }
  const bytes = fileSet.dicomdir({ fileSetId: 'HOSTILE', sopInstanceUid: '2.25.1' });
  const { roots, stored } = readDicomdir(bytes);
  const reached = everyRecord(roots);
  assert.equal(reached.length, stored);
  assert.equal(new Set(reached.map(({ fileId }) => fileId).filter(Boolean)).size, ROUNDS);
  for (const { tags, type } of reached)
    assert.deepEqual(
      tags,
      [...new Set(tags)].sort((a, b) => a - b),
      type,
    );
});
