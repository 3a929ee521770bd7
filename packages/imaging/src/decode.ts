import { EXPLICIT_VR_BIG_ENDIAN, transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { type Codestream, jpeg2000Codestream, jpegCodestream } from './codestream.ts';
import type { NativeCodecs } from './native-codecs.ts';
import { type PixelFormat, checkedFormat, frameBytes } from './pixel-format.ts';
import { NoPicture } from './refusals.ts';
import { decodeRle } from './rle.ts';
import { asAllocated, interleaved, littleEndian } from './sample-layout.ts';

/** One frame as it is stored. `bytes` are those of this frame alone. */
export interface StoredFrame {
  transferSyntaxUid: string;
  format: PixelFormat;
  bytes: Uint8Array;
}

/**
 * One frame as Explicit VR Little Endian has it: samples of Bits Allocated, of colour pixels together. `format` says
 * what the bytes are now; Photometric Interpretation and Planar Configuration may differ from what was stored.
 */
export interface NativeFrame {
  format: PixelFormat;
  bytes: Uint8Array;
}

/** What decoding stands on and Node and browsers have in ways of their own. */
export interface DecodingTools {
  /** Asked for by compressed frames only. */
  codecs(): NativeCodecs;
  /** Inflates raw deflate; @throws anything where it is damaged or gives more than `mostBytes`. */
  inflate(bytes: Uint8Array, mostBytes: number): Uint8Array;
}

type Decoder = (frame: StoredFrame, tools: DecodingTools) => NativeFrame;

/** By transfer syntax below 1.2.840.10008.1.2; the retired 53 and 55 are JPEGs that any decoder reads. */
const DECODERS: Record<string, Decoder> = {
  '.4.50': jpeg,
  '.4.51': jpeg,
  '.4.53': jpeg,
  '.4.55': jpeg,
  '.4.57': jpeg,
  '.4.70': jpeg,
  '.4.80': jpegLs,
  '.4.81': jpegLs,
  '.4.90': jpeg2000('DecodeJpeg2000'),
  '.4.91': jpeg2000('DecodeJpeg2000'),
  '.4.92': jpeg2000('DecodeJpeg2000'),
  '.4.93': jpeg2000('DecodeJpeg2000'),
  '.4.110': jpegXl,
  '.4.111': jpegXl,
  '.4.112': jpegXl,
  '.4.201': jpeg2000('DecodeHtJpeg2000'),
  '.4.202': jpeg2000('DecodeHtJpeg2000'),
  '.4.203': jpeg2000('DecodeHtJpeg2000'),
  '.5': rle,
  '.8.1': deflated,
};
const COMMON = '1.2.840.10008.1.2';

/**
 * Decodes one frame right here: a hostile frame may take seconds, memory or the process, so on a server only the children do.
 * @throws NoPicture
 */
export function decode(frame: StoredFrame, tools: DecodingTools): NativeFrame {
  checkedFormat(frame.format);
  const { encapsulated, uid } = transferSyntax(frame.transferSyntaxUid);
  const decoder = uid.startsWith(COMMON) ? DECODERS[uid.slice(COMMON.length)] : undefined;
  if (encapsulated && !decoder && uid !== `${COMMON}.1.98`) throw new NoPicture('unknown-codec');
  const decoded = (decoder ?? native)(frame, tools);
  if (decoded.bytes.length < frameBytes(decoded.format)) throw new NoPicture('damaged');
  return decoded;
}

function native({ transferSyntaxUid, format, bytes }: StoredFrame): NativeFrame {
  const big = transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN;
  return { format, bytes: big ? littleEndian(bytes, format) : bytes };
}

function deflated({ format, bytes }: StoredFrame, { inflate }: DecodingTools): NativeFrame {
  try {
    return { format, bytes: inflate(bytes, frameBytes(format) + 1) };
  } catch {
    throw new NoPicture('damaged');
  }
}

function rle({ format, bytes }: StoredFrame): NativeFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated } = format;
  // Bits of one-bit images are packed as they would be without compression (PS3.5 8.2.2).
  const target =
    bitsAllocated === 1
      ? { pixels: frameBytes(format), samplesPerPixel, bytes: 1 }
      : { pixels: rows * columns, samplesPerPixel, bytes: bitsAllocated / 8 };
  return { format: { ...format, planarConfiguration: 0 }, bytes: decodeRle(bytes, target) };
}

function agreed(format: PixelFormat, stream: Codestream): Codestream {
  if (stream.columns !== format.columns || stream.rows !== format.rows) throw new NoPicture('damaged');
  if (stream.components !== format.samplesPerPixel) throw new NoPicture('damaged');
  if (stream.bits > 16) throw new NoPicture('unsupported');
  return stream;
}

function codecPicture(format: PixelFormat, stream: Codestream) {
  const { rows, columns, samplesPerPixel, signed } = format;
  const bitsAllocated = stream.bits <= 8 ? 8 : 16;
  return { rows, columns, samplesPerPixel, signed, bitsAllocated, bitsStored: stream.bits };
}

/** The frame with samples of Bits Allocated; colour is now what `photometricInterpretation` says. */
function nativeFrame(
  format: PixelFormat,
  stream: Codestream,
  { bytes, photometricInterpretation }: { bytes: Uint8Array; photometricInterpretation: string },
): NativeFrame {
  const together = stream.planar ? interleaved(bytes, stream.bits <= 8 ? 1 : 2) : bytes;
  return {
    format: { ...format, photometricInterpretation, planarConfiguration: 0 },
    bytes: asAllocated(together, stream.bits, format),
  };
}

function jpeg({ format, bytes }: StoredFrame, { codecs }: DecodingTools): NativeFrame {
  const stream = agreed(format, jpegCodestream(bytes));
  const samples = codecs().decode('DecodeJpeg', codecPicture(format, stream), bytes);
  return nativeFrame(
    format,
    { ...stream, planar: false },
    { bytes: samples, photometricInterpretation: jpegColour(format, stream) },
  );
}

/** What the JPEG says of its colour counts before what DICOM says: writers forget the one less often than the other. */
function jpegColour({ photometricInterpretation }: PixelFormat, stream: Codestream): string {
  if (stream.components === 1) return photometricInterpretation;
  const colour = stream.colour ?? (photometricInterpretation.startsWith('YBR') ? 'YBR' : 'RGB');
  return colour === 'YBR' ? 'YBR_FULL' : 'RGB';
}

function jpegLs({ format, bytes }: StoredFrame, { codecs }: DecodingTools): NativeFrame {
  const stream = agreed(format, jpegCodestream(bytes));
  const samples = codecs().decode('DecodeJpegLs', codecPicture(format, stream), bytes);
  return nativeFrame(format, stream, {
    bytes: samples,
    photometricInterpretation: withoutTransform(format.photometricInterpretation),
  });
}

function jpeg2000(procedure: 'DecodeJpeg2000' | 'DecodeHtJpeg2000'): Decoder {
  return ({ format, bytes }, { codecs }) => {
    const stream = agreed(format, jpeg2000Codestream(bytes));
    // This codec keeps the low eight bits of colour and says nothing.
    if (procedure === 'DecodeJpeg2000' && stream.components > 1 && stream.bits > 8)
      throw new NoPicture('unsupported');
    const samples = codecs().decode(procedure, codecPicture(format, stream), bytes);
    const photometricInterpretation = withoutTransform(format.photometricInterpretation);
    return nativeFrame(format, stream, { bytes: samples, photometricInterpretation });
  };
}

/** The size of a JPEG XL is known only to its codec; what comes out must be what DICOM promised. */
function jpegXl({ format, bytes }: StoredFrame, { codecs }: DecodingTools): NativeFrame {
  const { rows, columns, samplesPerPixel: components, bitsStored: bits } = format;
  const stream = { rows, columns, components, bits, planar: false, colour: null };
  const samples = codecs().decode('DecodeJpegXl', codecPicture(format, stream), bytes);
  if (samples.length !== rows * columns * components * (bits <= 8 ? 1 : 2)) throw new NoPicture('damaged');
  const photometricInterpretation = components === 3 ? 'RGB' : format.photometricInterpretation;
  return nativeFrame(format, stream, { bytes: samples, photometricInterpretation });
}

/** YBR_ICT and YBR_RCT are transforms of the codec, undone by it (PS3.3 C.7.6.3.1.2). Chroma is never halved any more. */
function withoutTransform(photometricInterpretation: string): string {
  if (/^YBR_(ICT|RCT)$/.test(photometricInterpretation)) return 'RGB';
  return photometricInterpretation.startsWith('YBR_FULL') ? 'YBR_FULL' : photometricInterpretation;
}
