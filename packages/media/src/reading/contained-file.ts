import type { EntryRefusal } from './refusals.ts';

/** A stretch of the container, in bytes. */
export interface Extent {
  offset: number;
  length: number;
}

/**
 * A file within a ZIP or a disc image, and where in it its bytes lie: nothing is unpacked to say so. `path` is for
 * showing only; it is what the container says, and one that points out of it is refused.
 */
export interface ContainedFile {
  path: string;
  /** Bytes of the file itself, as the container has it. */
  size: number;
  /** In order; end to end they are the file, or its deflated form (RFC 1951). */
  extents: readonly Extent[];
  deflated: boolean;
  /** CRC-32 (ISO 3309) of the file itself; null where the container keeps none. */
  crc32: number | null;
  /** Why it cannot be read; its extents then mean nothing. */
  refusal: EntryRefusal | null;
}

/** What hostile and broken containers are held to (threats T9). Sizes in bytes. */
export const LIMITS = {
  files: 200_000,
  /** All files of one container together, as it says itself. */
  total: 1024 ** 4,
  /** An entry larger than this must not be smaller by more than `ratio` when deflated. */
  ratioFrom: 10 * 1024 * 1024,
  ratio: 100,
  /** Containers within containers. */
  depth: 2,
  /** Folders within folders of a disc image, and bytes of one folder. */
  folders: 64,
  folderBytes: 64 * 1024 * 1024,
} as const;
