import { type Hash, createHash, hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ServedStart } from '@filmpost/dicom/served-start.ts';
import type { ServedDifference } from '../../archive/catalogue/schema.ts';
import type { SetAsideReason } from '../rules.ts';
import type { ReceivedFile, Recognition } from '../schema.ts';
import { understandApart } from './apart/queries.ts';
import { understandHead } from './head/queries.ts';
import type { HeadReading } from './head/schema.ts';

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
    const digested =
      file.size <= WINDOW_BYTES ? await this.#readWhole(blob, file) : await this.#readInPieces(blob, file);
    const { sha256 } = digested;
    const reading = await readingOf(blob, file, digested.bytes);
    if (reading.kind === 'refused') {
      const { reason, detail } = reading;
      return { kind: 'set-aside', file: { ...file, reason, detail }, sha256 };
    }
    const { instance, start } = reading;
    return {
      kind: 'instance',
      sha256,
      instance: {
        ...instance,
        blobId: file.blobId,
        byteOffset: file.offset,
        byteLength: file.size,
        name: file.name,
        sha256,
        crc32: digested.crc32,
        served: start && (await servedDifference(blob, file, start)),
      },
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

/** A file that the reader stumbles over is one file less; a disk that fails is a failure. */
async function readingOf(
  blob: FileHandle,
  file: ReceivedFile,
  beginning: Buffer,
): Promise<HeadReading | { kind: 'refused'; reason: SetAsideReason; detail: string }> {
  if (file.size === 0) return { kind: 'refused', reason: 'empty', detail: '' };
  try {
    return await readHere(blob, file, beginning);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    console.error(
      `ingest: a file could not be understood: ${error instanceof Error ? error.stack : 'error'}`,
    );
    return { kind: 'refused', reason: 'unreadable', detail: '' };
  }
}

/** What ordinary heads stay far below. Whatever they hold, they are read in a fraction of a second and of memory. */
const ORDINARY = { maxElements: 20_000, maxValueBytes: 1024 * 1024, maxInflatedBytes: WINDOW_BYTES };

/** Reads a head here if it is an ordinary one, and apart if it is not. */
async function readHere(blob: FileHandle, file: ReceivedFile, beginning: Buffer): Promise<HeadReading> {
  const stretch = { fd: blob.fd, offset: file.offset, size: file.size };
  const reading = await understandHead(stretch, { limits: ORDINARY, beginning });
  const large =
    reading.kind === 'refused' &&
    (reading.reason === 'too-large-header' || reading.reason === 'inflate-limit');
  return large ? understandApart(stretch) : reading;
}
