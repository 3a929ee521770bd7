import type { Extent } from '@filmpost/media/reading/contained-file.ts';
import type { PickedFile } from '#lib/ui/dropped-files.ts';

/**
 * Where the bytes of a file on a disc lie: in a file of the browser's, in stretches of something, or deflated within
 * it. Nothing is read to say so. It can be handed to workers.
 */
export type DiscBytes = Blob | Stretches | Inflated;

/** Stretches of `of`, end to end: a stored entry of a ZIP, a file of a disc image. */
export interface Stretches {
  kind: 'stretches';
  of: DiscBytes;
  extents: readonly Extent[];
  size: number;
}

/** What comes out when `packed` is inflated (RFC 1951); `size` bytes, as its archive says. */
export interface Inflated {
  kind: 'inflated';
  packed: DiscBytes;
  size: number;
  /** Tells it from every other of this page, for whoever keeps an inflater open between two reads. */
  id: number;
}

/** A file to be looked at and perhaps sent, wherever it lies. `path` is for showing and sorting only. */
export interface DiscFile {
  path: string;
  /** In bytes; 0 until somebody has looked at it. */
  size: number;
  bytes: DiscBytes;
  /** What its archive says of its content (CRC-32); null outside of archives. */
  crc32: number | null;
  /** Containers around it: 0 for a file as it was chosen. */
  depth: number;
}

/** Asking a browser for the size of a file makes the page wait for the disc: whoever looks at the file learns it. */
export function discFileOf({ file, path }: PickedFile): DiscFile {
  return { path, size: 0, bytes: file, crc32: null, depth: 0 };
}

/** The deflated archive that must be inflated from its beginning to reach these bytes; null when they can be sliced. */
export function inflatedAround(bytes: DiscBytes): Inflated | null {
  if (bytes instanceof Blob) return null;
  if (bytes.kind === 'stretches') return inflatedAround(bytes.of);
  return inflatedAround(bytes.packed) ?? bytes;
}
