import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from '@filmpost/dicom/transfer-syntaxes.ts';
import type { Look } from './look.ts';
import { unpackRle } from './rle.ts';

/** One frame's samples, ready to be looked at. */
export interface SampledFrame {
  rows: number;
  columns: number;
  samplesPerPixel: 1 | 3;
  planar: boolean;
  samples: ArrayLike<number>;
}

export interface FrameForm {
  transferSyntaxUid: string;
  look: Look;
}

type Decoder = (bytes: Uint8Array<ArrayBuffer>, look: Look) => Promise<SampledFrame | ImageBitmap | null>;

const COMMON = '1.2.840.10008.1.2';
/** Codecs are fetched when the first frame wants them: most discs want none. */
const DECODERS: Record<string, Decoder> = {
  '.5': (bytes, look) =>
    Promise.resolve(sampled(unpackRle(bytes, look), { ...look, planar: look.samplesPerPixel === 3 })),
  '.4.50': baseline,
  '.4.57': async (bytes, look) => (await import('./jpeg-lossless.ts')).decodeJpegLossless(bytes, look),
  '.4.70': async (bytes, look) => (await import('./jpeg-lossless.ts')).decodeJpegLossless(bytes, look),
  '.4.80': async (bytes, look) => (await import('./jpeg-ls.ts')).decodeJpegLs(bytes, look),
  '.4.81': async (bytes, look) => (await import('./jpeg-ls.ts')).decodeJpegLs(bytes, look),
  '.4.90': async (bytes, look) => (await import('./jpeg-2000.ts')).decodeJpeg2000(bytes, look),
  '.4.91': async (bytes, look) => (await import('./jpeg-2000.ts')).decodeJpeg2000(bytes, look),
};
const NATIVE = [IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN];

/** Null when nothing here decodes it. Rejects when the frame is damaged. */
export async function decodeFrame(
  bytes: Uint8Array<ArrayBuffer>,
  { transferSyntaxUid, look }: FrameForm,
): Promise<SampledFrame | ImageBitmap | null> {
  if (NATIVE.includes(transferSyntaxUid)) {
    // Two pixels share their colour there, in an order of its own.
    if (bytes.length < look.rows * look.columns * look.samplesPerPixel * (look.bitsAllocated / 8))
      return null;
    return sampled(bytes, { ...look, bigEndian: transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN });
  }
  const decoder = transferSyntaxUid.startsWith(COMMON) && DECODERS[transferSyntaxUid.slice(COMMON.length)];
  return decoder ? decoder(bytes, look) : null;
}

/** JPEG is what every browser knows by itself, if it is of eight bits. */
async function baseline(bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
}

/** Bytes as samples of Bits Stored, sign kept. */
export function sampled(bytes: Uint8Array, look: Look & { bigEndian?: boolean }): SampledFrame {
  const { rows, columns, samplesPerPixel, planar, bitsAllocated, bitsStored, signed, bigEndian } = look;
  const frame = { rows, columns, samplesPerPixel, planar };
  if (bitsAllocated === 8) {
    const samples = signed ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
    return { ...frame, samples };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = signed ? new Int16Array(bytes.length >> 1) : new Uint16Array(bytes.length >> 1);
  // What lies above Bits Stored may be anything, an overlay for one.
  const unused = 16 - bitsStored;
  for (let i = 0; i < samples.length; i++) {
    const value = view.getUint16(i * 2, !bigEndian) << (16 + unused);
    samples[i] = signed ? value >> (16 + unused) : value >>> (16 + unused);
  }
  return { ...frame, samples };
}
