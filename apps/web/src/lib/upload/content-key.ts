import { crc32 } from '@filmpost/media/reading/crc32.ts';
import { type ByteSources, blobOf } from './disc/byte-sources.ts';
import type { DiscBytes } from './disc/disc-file.ts';
import { NotAsPromised } from './disc/inflating.ts';
import { stretchesOf } from './disc/stretches.ts';
import { MOST_PACK_BYTES } from './packs.ts';
import { runningSha256, sha256Of } from './sha256.ts';

/**
 * Files of a pack, read from the disc: the SHA-256 of each, hexadecimal, and their bytes end to end. Without a body they
 * are too large to be held and cannot be sliced either: they are asked for piece by piece.
 */
export interface SealedPack {
  kind: 'sealed';
  digests: string[];
  body: Blob | null;
}

/** Places within the pack of files that cannot be read, or are not what their archive promises. */
export interface SealingFailure {
  kind: 'failed';
  unreadable: number[];
  damaged: number[];
}

/** A file of a pack, in a form that can be handed to a worker. */
export interface PartOfPack {
  bytes: DiscBytes;
  size: number;
  crc32: number | null;
}

/** What a pack is made of. */
export interface PackParts {
  head: Uint8Array<ArrayBuffer>;
  files: readonly PartOfPack[];
}

const PIECE_BYTES = 1024 * 1024;

/**
 * Reads the files of a pack to know them. What can be sliced stays on the disc until it leaves, and mostly comes from
 * the system's cache then: browsers let go of bytes held in blobs when they please, and a disc of some gigabytes had
 * two of them in memory. That what was hashed is what was sent is for the server to verify.
 */
export async function sealPack(
  { files }: Pick<PackParts, 'files'>,
  sources: ByteSources,
): Promise<SealedPack | SealingFailure> {
  try {
    return totalSize(files) <= MOST_PACK_BYTES
      ? await sealAtOnce(files, sources)
      : await sealInPlace(files, sources);
  } catch {
    return { kind: 'failed', ...(await failuresOf(files, sources)) };
  }
}

async function sealAtOnce(files: readonly PartOfPack[], sources: ByteSources): Promise<SealedPack> {
  const contents: BlobPart[] = [];
  for (const file of files) contents.push(await contentOf(file, sources));
  const body = new Blob(contents);
  if (body.size !== totalSize(files)) throw new NotAsPromised();
  const sizes = files.map(({ size }) => size);
  const digests: string[] = [];
  for await (const content of stretchesOf(body, sizes)) {
    // A blob has the size it had when it was chosen, whatever it gives.
    if (content.length !== sizes[digests.length]) throw new NotAsPromised();
    digests.push(await sha256Of(content));
  }
  return { kind: 'sealed', digests, body };
}

/** What can be sliced is read with all the others of its pack; the rest now, and held against its checksum. */
async function contentOf(
  { bytes, size, crc32: promised }: PartOfPack,
  sources: ByteSources,
): Promise<BlobPart> {
  const blob = promised === null ? blobOf(bytes) : null;
  if (blob) return blob;
  const content = await sources.open(bytes).read(0, size);
  if (content.length !== size || (promised !== null && crc32(content) !== promised))
    throw new NotAsPromised();
  return content;
}

async function sealInPlace(files: readonly PartOfPack[], sources: ByteSources): Promise<SealedPack> {
  const digests: string[] = [];
  for (const file of files) digests.push(await readThrough(file, sources));
  const blobs = files.map(({ bytes }) => blobOf(bytes));
  const sliceable = blobs.every((blob) => blob !== null);
  return { kind: 'sealed', digests, body: sliceable ? new Blob(blobs) : null };
}

export function sizeOf({ head, files }: PackParts): number {
  return head.length + totalSize(files);
}

function totalSize(files: readonly PartOfPack[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** A stretch of a pack: what of head and files lies between `start` and `end`. */
export async function pieceOf(
  { head, files }: PackParts,
  { start, end }: { start: number; end: number },
  sources: ByteSources,
): Promise<Blob> {
  const pieces: BlobPart[] = [head.slice(Math.min(start, head.length), Math.min(end, head.length))];
  let at = head.length;
  for (const { bytes, size } of files) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, size);
    if (from < to) pieces.push(await sources.open(bytes).read(from, to - from));
    at += size;
  }
  return new Blob(pieces);
}

/** Reads a file to its end and holds it against its checksum; gives its SHA-256. @throws NotAsPromised */
async function readThrough(file: PartOfPack, sources: ByteSources): Promise<string> {
  const { size, crc32: promised } = file;
  const digest = await runningSha256();
  let checksum = 0;
  let length = 0;
  for await (const piece of piecesOf(file, sources)) {
    if (promised !== null) checksum = crc32(piece, checksum);
    digest.update(piece);
    length += piece.length;
  }
  if (length !== size || (promised !== null && checksum !== promised)) throw new NotAsPromised();
  return digest.digest();
}

/** A file piece by piece, each good until the next is asked for. */
async function* piecesOf({ bytes, size }: PartOfPack, sources: ByteSources): AsyncGenerator<Uint8Array> {
  const places = Array.from({ length: Math.ceil(size / PIECE_BYTES) }, (_, place) => place * PIECE_BYTES);
  const lengthAt = (at: number) => Math.min(PIECE_BYTES, size - at);
  const blob = blobOf(bytes);
  if (blob) return yield* stretchesOf(blob, places.map(lengthAt));
  const source = sources.open(bytes);
  for (const at of places) yield await source.read(at, lengthAt(at));
}

/** Which files of a pack are to blame; reads one piece at a time. */
async function failuresOf(
  files: readonly PartOfPack[],
  sources: ByteSources,
): Promise<{ unreadable: number[]; damaged: number[] }> {
  const unreadable: number[] = [];
  const damaged: number[] = [];
  for (const [place, file] of files.entries()) {
    try {
      await readThrough(file, sources);
    } catch (error) {
      (error instanceof NotAsPromised ? damaged : unreadable).push(place);
    }
  }
  return { unreadable, damaged };
}
