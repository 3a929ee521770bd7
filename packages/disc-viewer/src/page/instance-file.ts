import { type FrameLayout, alignBits, frameLayout, frameSegments } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { readHeadFrom } from '@filmpost/dicom/read-head-from.ts';
import { NoPicture } from '@filmpost/imaging/refusals.ts';
import { inflateRaw } from './inflating.ts';

/** Of the browser's worker scope, which the page's own library of types does not know. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/** A file of the disc that cannot be read, or is not what the list says; `message` is for the reader. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const MOST_INFLATED = 256 * 1024 * 1024;

/** One DICOM file of the disc: its head in memory, its pixels read frame by frame. */
export class InstanceFile {
  readonly head: Head;
  readonly #read: (offset: number, length: number) => Uint8Array;
  #layout: FrameLayout | null = null;

  private constructor(head: Head, read: (offset: number, length: number) => Uint8Array) {
    this.head = head;
    this.#read = read;
  }

  /** @throws UnreadableFile, NoPicture */
  static async open(file: Blob, sopInstanceUid: string): Promise<InstanceFile> {
    const fromFile = (offset: number, length: number) => readSync(file, offset, length);
    let inflatedBytes: Uint8Array | null = null;
    const result = await readHeadFrom(
      {
        size: file.size,
        read: async (offset, length) => fromFile(offset, length),
        inflate: async (bytes, most) =>
          (inflatedBytes = await inflateRaw(bytes, Math.min(most, MOST_INFLATED))),
      },
      { maxInflatedBytes: MOST_INFLATED },
    );
    if (result.kind !== 'head') throw new NoPicture('damaged');
    if (result.head.sopInstanceUid !== sopInstanceUid)
      throw new UnreadableFile(
        'This file is not the image that the list names: another disc seems to have been opened.',
      );
    const inflated: Uint8Array | null = inflatedBytes;
    return new InstanceFile(
      result.head,
      inflated ? (offset, length) => (inflated as Uint8Array).subarray(offset, offset + length) : fromFile,
    );
  }

  /** Bytes as layouts and locations count them; fewer at the end. */
  readonly read = (offset: number, length: number): Uint8Array => this.#read(offset, length);

  /** The bytes of one frame, counted from 1. @throws NoPicture, UnreadableFile */
  frame(frameNumber: number): Uint8Array {
    this.#layout ??= frameLayout(this.head, this.read);
    if (this.#layout.kind === 'none') throw new NoPicture('no-pixels');
    if (this.#layout.kind === 'video') throw new NoPicture('unknown-codec');
    const frame = frameSegments(this.#layout, frameNumber);
    if (!frame) throw new NoPicture('no-such-frame');
    if (!frame.complete) throw new NoPicture('damaged');
    const bytes = joined(frame.segments.map(([offset, length]) => this.#read(offset, length)));
    return frame.bitOffset > 0 && frame.bits !== null ? alignBits(bytes, frame.bitOffset, frame.bits) : bytes;
  }
}

function readSync(file: Blob, offset: number, length: number): Uint8Array {
  try {
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(offset, offset + length)));
  } catch {
    throw new UnreadableFile('This file cannot be read from the disc. Is the disc still in its drive?');
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
