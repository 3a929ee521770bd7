import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileBooks } from './file-books.ts';
import { type Pack, planPacks } from './packs.ts';

function aPack(places: readonly number[]): Pack {
  const [pack] = planPacks(
    places.map((at) => ({
      at,
      studyInstanceUid: '1.2',
      file: { path: `IM${at}`, size: 100, bytes: new Blob([new Uint8Array(100)]), crc32: null, depth: 0 },
    })),
  );
  if (!pack) throw new RangeError('files make a pack');
  return pack;
}

test('a file that reads otherwise the second time is announced as it reads now, and no longer awaited as it was', () => {
  const books = new FileBooks();
  const pack = aPack([0, 1]);
  books.note(pack, ['a', 'b']);
  assert.deepEqual(books.triage(['b']).again, [1]);
  assert.deepEqual(books.note(pack, ['a', 'c']), [
    { sha256: 'a', size: 100 },
    { sha256: 'c', size: 100 },
  ]);
  assert.deepEqual(books.triage(['b', 'strange']), {
    again: [],
    hopeless: [],
    gone: ['b'],
    foreign: ['strange'],
  });
  assert.deepEqual(books.triage(['c']).again, [1]);
});

test('where a file is lost, the next with the same content takes its place', () => {
  const books = new FileBooks();
  const pack = aPack([0, 1, 2]);
  books.note(pack, ['a', 'a', 'a']);
  assert.deepEqual([...books.needless], [1, 2]);
  books.lost([0]);
  assert.deepEqual([...books.needless], [2]);
  assert.deepEqual(books.triage(['a']).again, [1]);
});
