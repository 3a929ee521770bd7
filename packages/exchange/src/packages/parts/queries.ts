import { sql } from 'kysely';
import { servedBytes } from '../../archive/reading/queries.ts';
import type { Served } from '../../archive/reading/rules.ts';
import type { Exchange } from '../../exchange.ts';
import { type PackagePart, type PartPiece, piecesOf } from './rules.ts';

/** What a plan names is no longer there; the connection must break rather than give something else. */
export class PackageCutShort extends Error {
  override name = 'PackageCutShort';
}

/** Half-open, in bytes of the whole. */
interface Range {
  start: number;
  end: number;
}

interface LoadedPart {
  startsAt: number;
  bytes: Buffer;
  pieces: PartPiece[];
  served: ReadonlyMap<number, Served>;
}

/**
 * A range of a package, read part by part: the first is looked up at once, whatever else is to be done before the first
 * byte, each further one while the one before travels. Pieces are lent (see BlobFolder.lend). @throws PackageCutShort
 */
export function packageBytes(
  exchange: Exchange,
  packageId: string,
  range: Range,
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = loadedPart(exchange, packageId, range.start);
  // Whoever never reads, does not learn of it.
  first.catch(() => undefined);
  return bytesFrom(exchange, packageId, { ...range, first });
}

async function* bytesFrom(
  exchange: Exchange,
  packageId: string,
  { start, end, first }: Range & { first: Promise<LoadedPart> },
): AsyncGenerator<Uint8Array, void, undefined> {
  let coming = first;
  for (let at = start; at < end;) {
    const part = await coming;
    const next = part.pieces.reduce((sum, { length }) => sum + length, part.startsAt);
    if (next <= at) throw new PackageCutShort('a package plan has a gap');
    if (next < end) {
      coming = loadedPart(exchange, packageId, next);
      // Whoever leaves meanwhile does not wait for it.
      coming.catch(() => undefined);
    }
    yield* partBytes(exchange, part, { start: at, end: Math.min(end, next) });
    at = next;
  }
}

async function loadedPart(exchange: Exchange, packageId: string, at: number): Promise<LoadedPart> {
  const row: PackagePart | undefined = await exchange.db
    .selectFrom('packagePart')
    .select(['startsAt', 'pieces', 'bytes'])
    .where('packageId', '=', packageId)
    .where('startsAt', '<=', at)
    .orderBy('startsAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) throw new PackageCutShort('a package plan has gone');
  const pieces = piecesOf(row);
  const ids = [...new Set(pieces.map(({ instanceId }) => instanceId).filter((id) => id !== null))];
  return { startsAt: row.startsAt, bytes: row.bytes, pieces, served: await servedInstances(exchange, ids) };
}

async function servedInstances(
  exchange: Exchange,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Served>> {
  // Packages begin with parts that are all made up.
  if (ids.length === 0) return new Map();
  const rows = await exchange.db
    .selectFrom('instance')
    .select(['id', 'blobId', 'byteOffset', 'byteLength', 'servedHead', 'servedSkip'])
    .where('id', '=', sql<number>`any(${ids})`)
    .execute();
  return new Map(rows.map((each) => [each.id, each]));
}

async function* partBytes(
  exchange: Exchange,
  part: LoadedPart,
  { start, end }: Range,
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = part.startsAt;
  for (const { instanceId, offset, length } of part.pieces) {
    const skip = Math.max(0, start - at);
    const wanted = Math.min(length, end - at) - skip;
    at += length;
    if (wanted <= 0) continue;
    if (instanceId === null) {
      yield part.bytes.subarray(offset + skip, offset + skip + wanted);
      continue;
    }
    const served = part.served.get(instanceId);
    if (!served) throw new PackageCutShort('an instance of a package has gone');
    yield* exactly(servedBytes(exchange, served, { offset: offset + skip, length: wanted }), wanted);
  }
}

async function* exactly(
  bytes: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = length;
  for await (const piece of bytes) {
    left -= piece.length;
    yield piece;
  }
  if (left !== 0) throw new PackageCutShort('an instance is not as long as it was planned');
}
