import type { FileOnDisc, KnownFiles, Unverified } from '@filmpost/exchange/intake/manifest/schema.ts';
import type { StoredPack, UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import type { PiecewiseBody } from './disc-reader.ts';

/** The line broke, or the server was away for a moment. Trying again is all it takes. */
export class LineLost extends Error {
  constructor() {
    super('The connection was lost.');
    this.name = 'LineLost';
  }
}

/** These bytes are arriving already, from another window perhaps: look again before sending. */
export class ArrivingElsewhere extends Error {
  constructor() {
    super('These files are being received already.');
    this.name = 'ArrivingElsewhere';
  }
}

/** The line does not take what was sent in this form. The transport knows another: try again at once. */
export class OtherForm extends Error {
  constructor() {
    super('This network wants it in another form.');
    this.name = 'OtherForm';
  }
}

/** It cannot be done as things stand; the message is the server's sentence about it. */
export class NotNow extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotNow';
  }
}

/** The upload takes nothing more: withdrawn, given up, or the right to it is gone. */
export class UploadEnded extends Error {
  constructor() {
    super('This upload has ended.');
    this.name = 'UploadEnded';
  }
}

/** The server has no room at the moment, and says so in a sentence. It is tried again, seldom enough to be no load. */
export class NoRoom extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'NoRoom';
  }
}

export interface Parcel {
  key: string;
  body: Blob | PiecewiseBody;
  /** The server's name for what it has of it already; it goes on from there. */
  blobId: string | null;
  /** Bytes of the body that have left so far. */
  onBytes(bytes: number): void;
  signal: AbortSignal;
}

/**
 * How packs reach the server.
 * Every method may throw `LineLost` and `UploadEnded`, `send` also `NoRoom`, `NotNow` when the upload may not become
 * larger, `ArrivingElsewhere`, `OtherForm` and `UnreadableFiles`, since a body is read from the disc as it is sent;
 * `finish` also `NotNow` while files are arriving, checked or missing.
 */
export interface Transport {
  stored(): Promise<StoredPack[]>;
  /** Tells which files come next; the answer is which of them need not. */
  announceFiles(files: readonly FileOnDisc[]): Promise<KnownFiles>;
  send(parcel: Parcel): Promise<void>;
  /** What was announced and is not on the server's disk as it was announced. */
  unverified(): Promise<Unverified>;
  /** Announced files, by digest, that will not come. */
  forgetFiles(digests: readonly string[]): Promise<void>;
  /** Forgets the beginning of a pack that nobody will complete. */
  remove(blobId: string): Promise<void>;
  finish(): Promise<UploadProgress>;
}
