import { setTimeout as pause } from 'node:timers/promises';
import { type Piece, lengthOf } from '@filmpost/dicom/explicit/pieces.ts';
import { frameSegments } from '@filmpost/dicom/frames.ts';
import { NoPicture, decodeFrame } from '@filmpost/imaging/decoding.ts';
import { type FramesToDecode, explicitFormOf } from '@filmpost/imaging/transcoding.ts';
import type { Exchange } from '../../exchange.ts';
import type { Stored } from './schema.ts';
import { BitsJoined, wordsTurned } from './rules.ts';

/** An instance as a file in Explicit VR Little Endian, made while it is sent. */
export interface ExplicitFile {
  /** Bytes of the whole file. */
  size: number;
  /** Pieces valid until the next is asked for. @throws NoPicture where a later frame turns out to be damaged */
  bytes(): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * An instance in Explicit VR Little Endian (PS3.5 A.2): every value as it came, compressed pixels decoded. What it costs
 * to understand the file and to decode its frames is borne by bounded processes; the rest streams.
 * @throws NoPicture where it cannot be given so, in a sentence
 */
export async function explicitFile(exchange: Exchange, stored: Stored): Promise<ExplicitFile> {
  const { blobId, byteOffset, byteLength } = stored;
  const path = exchange.blobs.path(blobId);
  const { before, frames, after } = await explicitFormOf({ path, byteOffset, byteLength });
  return {
    size: lengthOf(before) + pixelBytes(frames) + lengthOf(after),
    async *bytes() {
      yield* pieces(exchange, stored, before);
      if (frames) yield* pixels(exchange, stored, frames);
      yield* pieces(exchange, stored, after);
    },
  };
}

/** Even, as every value is. */
function pixelBytes(frames: FramesToDecode | null): number {
  return frames ? Math.ceil((frames.bits * frames.count) / 16) * 2 : 0;
}

async function* pieces(exchange: Exchange, { blobId, byteOffset }: Stored, all: readonly Piece[]) {
  for (const piece of all) {
    if (piece instanceof Uint8Array) yield piece;
    else {
      const lent = exchange.blobs.lend(blobId, byteOffset + piece.offset, piece.length);
      yield* piece.word > 1 ? wordsTurned(lent, piece.word) : lent;
    }
  }
}

async function* pixels(exchange: Exchange, stored: Stored, frames: FramesToDecode) {
  const joined = new BitsJoined();
  let sent = 0;
  for await (const frame of nativeFrames(exchange, stored, frames)) {
    const bytes = joined.add(frame, frames.bits);
    sent += bytes.length;
    if (bytes.length > 0) yield bytes;
  }
  const rest = joined.finish();
  if (rest) yield rest;
  const padding = pixelBytes(frames) - sent - (rest?.length ?? 0);
  if (padding > 0) yield new Uint8Array(padding);
}

/** One after the other, the next one decoded while one is sent. */
async function* nativeFrames(exchange: Exchange, stored: Stored, frames: FramesToDecode) {
  const decoded = (number: number) => {
    const coming = decodedFrame(exchange, stored, { frames, number });
    // Whoever waits for it is told; nobody may be waiting any more.
    coming.catch(() => undefined);
    return coming;
  };
  let coming = frames.count > 1 ? decoded(2) : null;
  yield frames.first;
  for (let number = 2; coming !== null; number++) {
    const frame: Uint8Array = await coming;
    coming = number < frames.count ? decoded(number + 1) : null;
    yield frame;
  }
}

async function decodedFrame(
  exchange: Exchange,
  { blobId, byteOffset }: Stored,
  { frames, number }: { frames: FramesToDecode; number: number },
): Promise<Uint8Array> {
  const { transferSyntaxUid, format, layout } = frames;
  const segments = frameSegments(layout, number)?.segments ?? [];
  const parts: Buffer[] = [];
  for (const [offset, length] of segments)
    parts.push(await exchange.blobs.read(blobId, byteOffset + offset, length));
  const native = await whenFree(() =>
    decodeFrame({ transferSyntaxUid, format, bytes: Buffer.concat(parts) }),
  );
  const { photometricInterpretation } = native.format;
  // The head that was sent speaks for all frames.
  if (photometricInterpretation !== frames.decoded.photometricInterpretation) throw new NoPicture('damaged');
  return native.bytes.subarray(0, Math.ceil(frames.bits / 8));
}

const AGAIN_MS = 200;

/** For what is on its way already: where the processes are busy, it waits. @throws NoPicture for every other reason */
export async function whenFree<T>(make: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof NoPicture) || error.reason !== 'busy') throw error;
      await pause(AGAIN_MS);
    }
  }
}
