import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import { crc32 } from '@filmpost/media/reading/crc32.ts';
import { type ByteSources, blobOf } from './disc/byte-sources.ts';
import type { DiscBytes } from './disc/disc-file.ts';
import { NotAsPromised } from './disc/inflating.ts';
import { MOST_PACK_BYTES } from './packs.ts';

/**
 * A pack ready to travel, and the key by which the server knows these very bytes again. Without a body it is too large
 * to be held and cannot be sliced either: it is asked for piece by piece.
 */
export interface SealedPack {
  kind: 'sealed';
  key: string;
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

const SAMPLE_BYTES = 1024 * 1024;
const HEAD_ALLOWANCE = 64 * 1024;

/**
 * Reads a pack once, from the disc into memory, so that what was hashed is what is sent. Larger than a pack's usual
 * size it stays on the disc, and head, size, first and last MiB stand for it: a DICOM file's first MiB holds its
 * SOP Instance UID.
 */
export async function sealPack(parts: PackParts, sources: ByteSources): Promise<SealedPack | SealingFailure> {
  const size = sizeOf(parts);
  try {
    return size <= MOST_PACK_BYTES + HEAD_ALLOWANCE
      ? await sealInMemory(parts, sources)
      : await sealInPlace(parts, sources);
  } catch {
    return { kind: 'failed', ...(await failuresOf(parts, sources)) };
  }
}

async function sealInMemory({ head, files }: PackParts, sources: ByteSources): Promise<SealedPack> {
  const contents: BlobPart[] = [head];
  for (const file of files) contents.push(await contentOf(file, sources));
  const bytes = await new Blob(contents).arrayBuffer();
  return { kind: 'sealed', key: await keyOf(bytes), body: new Blob([bytes]) };
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

async function sealInPlace(parts: PackParts, sources: ByteSources): Promise<SealedPack> {
  const size = sizeOf(parts);
  for (const file of parts.files) if (file.crc32 !== null) await readThrough(file, sources);
  const first = await pieceOf(parts, { start: 0, end: parts.head.length + SAMPLE_BYTES }, sources);
  const last = await pieceOf(parts, { start: size - SAMPLE_BYTES, end: size }, sources);
  const key = await keyOf(await new Blob([String(size), first, last]).arrayBuffer());
  const blobs = parts.files.map(({ bytes }) => blobOf(bytes));
  const sliceable = blobs.every((blob) => blob !== null);
  return { kind: 'sealed', key, body: sliceable ? new Blob([parts.head, ...blobs]) : null };
}

export function sizeOf({ head, files }: PackParts): number {
  return files.reduce((sum, { size }) => sum + size, head.length);
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

/** Reads a file to its end and holds it against its checksum. @throws NotAsPromised */
async function readThrough(
  { bytes, size, crc32: promised }: PartOfPack,
  sources: ByteSources,
): Promise<void> {
  const source: ByteSource = sources.open(bytes);
  let checksum = 0;
  for (let at = 0; at < size; at += SAMPLE_BYTES) {
    const piece = await source.read(at, Math.min(SAMPLE_BYTES, size - at));
    if (piece.length === 0) throw new NotAsPromised();
    if (promised !== null) checksum = crc32(piece, checksum);
  }
  if (promised !== null && checksum !== promised) throw new NotAsPromised();
}

/** SHA-256, hexadecimal. */
async function keyOf(bytes: ArrayBuffer): Promise<string> {
  // Browsers hash only on secure origins. Elsewhere nothing is known again after a reload, and all else works.
  const digest = globalThis.crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    : crypto.getRandomValues(new Uint8Array(32));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Which files of a pack are to blame; reads one piece at a time. */
async function failuresOf(
  { files }: PackParts,
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
