import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Served, servedLength, servedPieces } from './rules.ts';

const stored = Buffer.from('..0123456789..');
const plain: Served = { blobId: 'b', byteOffset: 2, byteLength: 10, servedHead: null, servedSkip: 0 };
const headed: Served = { ...plain, servedHead: Buffer.from('abcd'), servedSkip: 3 };

function bytes(served: Served, offset: number, length: number): string {
  return servedPieces(served, { offset, length })
    .map((piece) =>
      piece.kind === 'bytes'
        ? Buffer.from(piece.bytes).toString()
        : stored.subarray(piece.offset, piece.offset + piece.length).toString(),
    )
    .join('');
}

test('every stretch of what leaves is that stretch of the whole', () => {
  for (const [served, whole] of [
    [plain, '0123456789'],
    [headed, 'abcd3456789'],
  ] as const) {
    assert.equal(servedLength(served), whole.length);
    for (let from = 0; from <= whole.length; from++) {
      for (let length = 0; length <= whole.length; length++) {
        assert.equal(bytes(served, from, length), whole.slice(from, from + length), `${from}+${length}`);
      }
    }
  }
});
