import { z } from 'zod';

/** SHA-256, hexadecimal. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Digests in one question: some thousand fit a small proxy's smallest request body. */
const MOST_AT_ONCE = 2000;

/** Files as a browser read them on its disc. Sizes in bytes. */
export const filesOnDisc = z
  .array(z.object({ sha256: digest, size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }))
  .max(MOST_AT_ONCE);
export type FileOnDisc = z.infer<typeof filesOnDisc>[number];

export const digests = z.array(digest).max(MOST_AT_ONCE);

/**
 * Which of the files asked about are there, verified on the disk: under this upload, or elsewhere within what it may
 * know of. What nobody has and what is somebody else's are in neither.
 */
export interface KnownFiles {
  here: string[];
  elsewhere: string[];
}

/** What stands between an upload and its end. */
export interface Unverified {
  /** Files are arriving or being looked at; ask again. */
  checking: boolean;
  /** Announced, and for certain not on the disk as announced: to be sent again. Digests. */
  missing: string[];
}

/** A file that lies on the disk as its sender read it. */
export interface VerifiedFile {
  sha256: Buffer;
  size: number;
}
