import { closeSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { type FrameBytes, alignBits, frameLayout, frameSegments } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { readHeadNow } from '@filmpost/dicom/read-head-from.ts';
import { NoPicture } from './refusals.ts';

/** Where one instance lies: a stretch of a file, in bytes. */
export interface StoredInstance {
  path: string;
  byteOffset: number;
  byteLength: number;
}

/** Longest deflated data set that is inflated for a picture. */
const MOST_INFLATED = 256 * 1024 * 1024;

/** An instance opened for the length of one task. */
export class StoredFile {
  readonly head: Head;
  readonly #file: number;
  readonly #instance: StoredInstance;
  #inflated: Uint8Array | null = null;

  /** @throws NoPicture where the bytes are no DICOM instance */
  constructor(instance: StoredInstance) {
    this.#instance = instance;
    this.#file = openSync(instance.path, 'r');
    try {
      this.head = this.#readHead();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Bytes as layouts and locations count them: of the file, or of its inflated data set; fewer at the end. */
  readonly read = (offset: number, length: number): Uint8Array =>
    this.#inflated ? this.#inflated.subarray(offset, offset + length) : this.#readFile(offset, length);

  /** The bytes of one frame, counted from 1. @throws NoPicture */
  frame(frameNumber: number, known: FrameBytes | null): Uint8Array {
    const frame = known ?? this.#locate(frameNumber);
    if (!frame.complete) throw new NoPicture('damaged');
    const bytes = Buffer.concat(frame.segments.map(([offset, length]) => this.read(offset, length)));
    return frame.bitOffset > 0 && frame.bits !== null ? alignBits(bytes, frame.bitOffset, frame.bits) : bytes;
  }

  #locate(frameNumber: number): FrameBytes {
    const layout = frameLayout(this.head, this.read);
    if (layout.kind === 'none') throw new NoPicture('no-pixels');
    if (layout.kind === 'video') throw new NoPicture('unknown-codec');
    const frame = frameSegments(layout, frameNumber);
    if (!frame) throw new NoPicture('no-such-frame');
    return frame;
  }

  #readHead(): Head {
    const { byteLength } = this.#instance;
    const inflate = (deflated: Uint8Array, most: number) =>
      (this.#inflated = inflateRawSync(deflated, { maxOutputLength: Math.min(most, MOST_INFLATED) }));
    const result = readHeadNow(byteLength, (...range) => this.#readFile(...range), {
      inflate,
      maxInflatedBytes: MOST_INFLATED,
    });
    if (result.kind !== 'head') throw new NoPicture('damaged');
    return result.head;
  }

  #readFile(offset: number, length: number): Uint8Array {
    const held = Math.max(0, Math.min(length, this.#instance.byteLength - offset));
    const bytes = new Uint8Array(held);
    const read = readSync(this.#file, bytes, 0, held, this.#instance.byteOffset + offset);
    return bytes.subarray(0, read);
  }
}
