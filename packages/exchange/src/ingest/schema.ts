import type { RecognisedInstance } from '../archive/catalogue/schema.ts';
import type { SetAsideReason } from './rules.ts';

/** A stretch of a blob that was one file on the disc. */
export interface ReceivedFile {
  blobId: string;
  name: string;
  offset: number;
  size: number;
  /** Its SHA-256 as its sender read it, hexadecimal; null when nothing was promised. */
  promised?: string | null;
}

export interface SetAsideFile extends ReceivedFile {
  reason: SetAsideReason;
  detail: string;
  /** Of an instance that was understood, and all the same not taken. */
  identity?: Pick<RecognisedInstance, 'sopClassUid' | 'sopInstanceUid'>;
}

/** What a file turned out to be, and its SHA-256 as it lies on our disk. */
export type Recognition = { sha256: Buffer } & (
  { kind: 'instance'; instance: RecognisedInstance } | { kind: 'set-aside'; file: SetAsideFile }
);
