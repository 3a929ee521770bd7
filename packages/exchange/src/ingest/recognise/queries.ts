import { type Hash, createHash, hash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { frameLayout } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { type HeadResult, readHead } from '@filmpost/dicom/read-head.ts';
import { type ServedStart, servedStart } from '@filmpost/dicom/served-start.ts';
import type { ServedDifference } from '../../archive/catalogue/schema.ts';
import { describe, isPlausibleUid } from '../rules.ts';
import type { ReceivedFile, Recognition } from '../schema.ts';

/** Files up to this size are read in one piece, into the same memory again and again. */
const WINDOW_BYTES = 8 * 1024 * 1024;

/** Bytes of one file and their digests. `bytes` is valid until the next read. */
interface Digested {
  bytes: Buffer;
  sha256: Buffer;
  crc32: number;
}

/**
 * Understands received files one after the other. Holds one window of memory: on these machines memory touched for
 * the first time costs more than hashing it.
 */
export class Recogniser {
  readonly #window = Buffer.allocUnsafeSlow(WINDOW_BYTES);

  /** What a file is, from its head; its pixels are hashed and otherwise left alone. */
  async recognise(blob: FileHandle, file: ReceivedFile): Promise<Recognition> {
    if (file.size === 0) return setAside(file, { reason: 'empty', detail: '' });
    const digested =
      file.size <= WINDOW_BYTES ? await this.#readWhole(blob, file) : await this.#readInPieces(blob, file);
    const result = await readGrowing(blob, file, digested.bytes);
    if (result.kind === 'refused') return setAside(file, result);
    if (result.kind === 'more') return setAside(file, { reason: 'truncated', detail: '' });
    if (!identities(result.head).every(isPlausibleUid)) {
      return setAside(file, { reason: 'no-identity', detail: '' });
    }
    return {
      kind: 'instance',
      instance: await this.#asInstance(blob, file, { digested, head: result.head }),
    };
  }

  async #asInstance(
    blob: FileHandle,
    file: ReceivedFile,
    { digested, head }: { digested: Digested; head: Head },
  ) {
    const readAt = (offset: number, length: number) => readNow(blob, file, { offset, length });
    const bulkData = head.bulkData;
    const start = servedStart(head, digested.bytes);
    return {
      ...describe(head),
      blobId: file.blobId,
      byteOffset: file.offset,
      byteLength: file.size,
      name: file.name,
      sha256: digested.sha256,
      crc32: digested.crc32,
      preamble: head.preamble,
      served: start && (await servedDifference(blob, file, start)),
      frameLayout: frameLayout(head, readAt),
      bulkData: bulkData.length > 0 ? bulkData : null,
      metadata: head.json,
    };
  }

  async #readWhole(blob: FileHandle, file: ReceivedFile): Promise<Digested> {
    const { bytesRead } = await blob.read(this.#window, 0, file.size, file.offset);
    const bytes = this.#window.subarray(0, bytesRead);
    return { bytes, sha256: hash('sha256', bytes, 'buffer'), crc32: crc32(bytes) };
  }

  /** Large files pass through the window; what stays in it is their beginning. */
  async #readInPieces(blob: FileHandle, file: ReceivedFile): Promise<Digested> {
    const running = { sha256: createHash('sha256'), crc32: 0 };
    await digestFrom(blob, file, {
      from: 0,
      running,
      keep: (bytes, at) => {
        if (at < WINDOW_BYTES) bytes.copy(this.#window, at);
      },
    });
    return { bytes: this.#window, sha256: running.sha256.digest(), crc32: running.crc32 };
  }
}

interface Running {
  sha256: Hash;
  crc32: number;
}

/** Digests a file from a byte on to its end, in pieces. */
async function digestFrom(
  blob: FileHandle,
  file: ReceivedFile,
  { from, running, keep }: { from: number; running: Running; keep?: (bytes: Buffer, at: number) => void },
): Promise<void> {
  const piece = Buffer.allocUnsafe(1024 * 1024);
  for (let at = from; at < file.size;) {
    const length = Math.min(piece.length, file.size - at);
    const { bytesRead } = await blob.read(piece, 0, length, file.offset + at);
    if (bytesRead === 0) break;
    const bytes = piece.subarray(0, bytesRead);
    running.sha256.update(bytes);
    running.crc32 = crc32(bytes, running.crc32);
    keep?.(bytes, at);
    at += bytesRead;
  }
}

/** The digests of a file that leaves with another beginning; few do, so these are read once more. */
async function servedDifference(
  blob: FileHandle,
  file: ReceivedFile,
  start: ServedStart,
): Promise<ServedDifference> {
  const running = { sha256: createHash('sha256').update(start.head), crc32: crc32(start.head) };
  await digestFrom(blob, file, { from: start.skip, running });
  return { ...start, sha256: running.sha256.digest(), crc32: running.crc32 };
}

function identities(head: Head): string[] {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid, transferSyntaxUid } = head;
  return [studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid, transferSyntaxUid];
}

/** Recognisers that nobody uses just now, with their windows. */
const idle: Recogniser[] = [];
const MOST_IDLE = 4;

/** Lends a recogniser. Small blobs come by the hundred, and each would touch a window of its own. */
export async function withRecogniser<Result>(
  use: (recogniser: Recogniser) => Promise<Result>,
): Promise<Result> {
  const recogniser = idle.pop() ?? new Recogniser();
  try {
    return await use(recogniser);
  } finally {
    if (idle.length < MOST_IDLE) idle.push(recogniser);
  }
}

/** Reads the head, fetching more of the file's beginning as long as it asks. */
async function readGrowing(blob: FileHandle, file: ReceivedFile, beginning: Buffer): Promise<HeadResult> {
  let bytes = beginning;
  for (;;) {
    const result = readHead(bytes, file.size, { inflate });
    if (result.kind !== 'more' || result.needed <= bytes.length) return result;
    bytes = Buffer.allocUnsafe(result.needed);
    const { bytesRead } = await blob.read(bytes, 0, bytes.length, file.offset);
    if (bytesRead < bytes.length) return { kind: 'refused', reason: 'truncated', detail: '' };
  }
}

/** Bounded: a bomb ends at `maxOutput` bytes with a RangeError (PS3.5 A.5; threats T9). */
export function inflate(bytes: Uint8Array, maxOutput: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: maxOutput });
}

function readNow(
  blob: FileHandle,
  file: ReceivedFile,
  { offset, length }: { offset: number; length: number },
) {
  const wanted = Math.max(0, Math.min(length, file.size - offset));
  const bytes = Buffer.allocUnsafe(wanted);
  const read = wanted > 0 ? readSync(blob.fd, bytes, 0, wanted, file.offset + offset) : 0;
  return bytes.subarray(0, read);
}

function setAside(
  file: ReceivedFile,
  {
    reason,
    detail,
  }: { reason: Extract<Recognition, { kind: 'set-aside' }>['file']['reason']; detail: string },
): Recognition {
  return { kind: 'set-aside', file: { ...file, reason, detail } };
}
