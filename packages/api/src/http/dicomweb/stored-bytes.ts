import type { Segment } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { readHeadFrom } from '@filmpost/dicom/read-head-from.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '@filmpost/dicom/transfer-syntaxes.ts';
import type { LocatedInstance } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { inflate } from '@filmpost/exchange/ingest/recognise/head/queries.ts';
import { Moment } from '../moment.ts';

/** Parts of one stored file, to be read as if they lay end to end; offsets count in the inflated data set where told. */
export interface StoredSegments {
  segments: readonly Segment[];
  inflated: boolean;
}

export function segmentsLength(segments: readonly Segment[]): number {
  return segments.reduce((sum, [, length]) => sum + length, 0);
}

/** A stretch of the joined segments; lent piece by piece (see BlobFolder.lend). */
export async function* readSegments(
  exchange: Exchange,
  instance: LocatedInstance,
  { segments, inflated, offset, length }: StoredSegments & { offset: number; length: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const whole = inflated ? await inflatedDataSet(exchange, instance) : null;
  let before = 0;
  for (const [start, size] of segments) {
    const from = Math.max(offset - before, 0);
    const to = Math.min(offset + length - before, size);
    before += size;
    if (from >= to) continue;
    if (whole) yield whole.subarray(start + from, start + to);
    else yield* exchange.blobs.lend(instance.blobId, instance.byteOffset + start + from, to - from);
  }
}

/** All of the segments in one piece of memory of their own. */
export async function joinedSegments(
  exchange: Exchange,
  instance: LocatedInstance,
  stored: StoredSegments,
): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(segmentsLength(stored.segments));
  let at = 0;
  for await (const piece of readSegments(exchange, instance, {
    ...stored,
    offset: 0,
    length: whole.length,
  })) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.subarray(0, at);
}

/** The head of a stored file, read anew. Ingest has read it once, so it can be. */
export async function headOf(exchange: Exchange, instance: LocatedInstance): Promise<Head> {
  const { blobId, byteOffset, byteLength: size } = instance;
  const read = (offset: number, length: number) => exchange.blobs.read(blobId, byteOffset + offset, length);
  const result = await readHeadFrom({ size, read }, { inflate });
  if (result.kind !== 'head') throw new Error('a catalogued instance cannot be read any more');
  return result.head;
}

/** A viewer asks for the frames of one file one after the other. */
const inflatedLately = new Moment<Uint8Array>({ ms: 5_000, most: 2 });

/** Deflated instances are rare (PS3.5 A.5) and cannot be read in part: the whole is inflated, as far as ingest does. */
function inflatedDataSet(exchange: Exchange, instance: LocatedInstance): Promise<Uint8Array> {
  return inflatedLately.recall(`${instance.blobId} ${instance.byteOffset}`, async () => {
    const file = await exchange.blobs.read(instance.blobId, instance.byteOffset, instance.byteLength);
    let bytes: Uint8Array = new Uint8Array();
    readHead(file, file.length, { inflate: (deflated, most) => (bytes = inflate(deflated, most)) });
    return bytes;
  });
}

/** Inflated bytes travel as what they are then. */
export function servedTransferSyntax(instance: LocatedInstance, inflated: boolean): string {
  return inflated ? EXPLICIT_VR_LITTLE_ENDIAN : instance.transferSyntaxUid;
}
