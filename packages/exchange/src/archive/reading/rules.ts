/** Where the bytes of an instance lie as they leave (threats T4): a made beginning, then a stretch of a blob. */
export interface Served {
  blobId: string;
  /** Of the file as it was received, within the blob; bytes. */
  byteOffset: number;
  byteLength: number;
  /** Leaves in place of the first `servedSkip` bytes; null when the file leaves as it came. */
  servedHead: Buffer | null;
  servedSkip: number;
}

/** A piece of what leaves: made-up bytes, or a stretch of a blob. */
export type ServedPiece =
  { kind: 'bytes'; bytes: Uint8Array } | { kind: 'blob'; blobId: string; offset: number; length: number };

/** Bytes of the file that leaves. */
export function servedLength({ byteLength, servedHead, servedSkip }: Served): number {
  return byteLength - servedSkip + (servedHead?.length ?? 0);
}

/** The pieces of `length` bytes from `offset` of what leaves; they add up to just that. */
export function servedPieces(
  served: Served,
  { offset, length }: { offset: number; length: number },
): ServedPiece[] {
  const head = served.servedHead ?? new Uint8Array();
  const end = Math.min(offset + length, servedLength(served));
  const pieces: ServedPiece[] = [];
  if (offset < Math.min(head.length, end)) {
    pieces.push({ kind: 'bytes', bytes: head.subarray(offset, Math.min(end, head.length)) });
  }
  const from = Math.max(offset, head.length);
  if (from < end) {
    const stored = served.byteOffset + served.servedSkip + (from - head.length);
    pieces.push({ kind: 'blob', blobId: served.blobId, offset: stored, length: end - from });
  }
  return pieces;
}
