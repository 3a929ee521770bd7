import { type Changes, DataSetPieces, Unwritable } from '@filmpost/dicom/explicit/data-set-pieces.ts';
import { type Piece, turnWords } from '@filmpost/dicom/explicit/pieces.ts';
import { elementsBehind } from '@filmpost/dicom/explicit/behind-pixels.ts';
import { type FrameLayout, frameLayout, frameSegments } from '@filmpost/dicom/frames.ts';
import type { Head, PixelDataLocation } from '@filmpost/dicom/head.ts';
import { fileMark, fileMeta } from '@filmpost/dicom/meta-writer.ts';
import { frameCount } from '@filmpost/dicom/pixel-location.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { VR_OB, VR_OW, vrCode } from '@filmpost/dicom/vr.ts';
import { type DecodingTools, decode } from './decode.ts';
import { type PixelFormat, frameBytes, pixelFormat } from './pixel-format.ts';
import { NoPicture } from './refusals.ts';
import { wordBytes } from './sample-layout.ts';
import { StoredFile, type StoredInstance } from './stored-file.ts';

/** Frames that have to be decoded one by one, and follow each other without a gap (PS3.5 8.1.1). */
export interface FramesToDecode {
  transferSyntaxUid: string;
  /** As they are stored, and as they are when decoded. */
  format: PixelFormat;
  decoded: PixelFormat;
  layout: FrameLayout;
  count: number;
  /** Of one decoded frame; less than a multiple of 8 for some of one bit a pixel. */
  bits: number;
  /** The first of them, decoded to know what they are. */
  first: Uint8Array;
}

/** An instance in Explicit VR Little Endian: pieces, then the frames, a byte to make them even, and pieces again. */
export interface ExplicitForm {
  before: Piece[];
  frames: FramesToDecode | null;
  after: Piece[];
}

/** Most that pixel data of defined length may be (PS3.5 7.1.1), in bytes. */
const MOST_PIXEL_BYTES = 0xfffffffe;
/** What tells where fragments lie, and where none are lies (PS3.3 C.7.6.3.1.8). */
const OFFSET_TABLES = [Tag.extendedOffsetTable, Tag.extendedOffsetTableLengths, 0x7fe00003];
/** The processes of ISO/IEC 10918-1 that never give back what they were given. */
const ALWAYS_LOSSY = ['.50', '.51', '.53', '.55'].map((suffix) => `1.2.840.10008.1.2.4${suffix}`);

/** Works out in this very process how an instance would be written: for the children only. @throws NoPicture */
export function explicitForm(instance: StoredInstance, tools: DecodingTools): ExplicitForm {
  const file = new StoredFile(instance);
  try {
    const form = formOf(file, tools);
    // What is not in the file as such travels along.
    const held = (pieces: Piece[]) =>
      file.head.encoding.deflated ? pieces.map((piece) => read(file, piece)) : pieces;
    return { ...form, before: held(form.before), after: held(form.after) };
  } catch (error) {
    if (error instanceof Unwritable) throw new NoPicture('unsupported');
    throw error;
  } finally {
    file.close();
  }
}

function read(file: StoredFile, piece: Piece): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  const bytes = Uint8Array.from(file.read(piece.offset, piece.length));
  turnWords(bytes, piece.word);
  return bytes;
}

function formOf(file: StoredFile, tools: DecodingTools): ExplicitForm {
  const { head } = file;
  const { source, dataSet } = head.scanned;
  if (head.warnings.some((warning) => /cut-off$/.test(warning))) throw new NoPicture('damaged');
  const frames = framesToDecode(file, tools);
  const written = new DataSetPieces();
  written.dataSet(source, dataSet, frames ? changesFor(head, frames) : undefined);
  const { pixelData } = head;
  if (frames) writeFramesHeader(written, frames);
  else if (pixelData) writeNative(written, head, pixelData);
  const meta = fileMeta({ ...identityOf(head), transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN });
  return {
    before: [fileMark(), meta, ...written.pieces()],
    frames,
    after: pixelData ? elementsBehind(head, endOfPixels(file, pixelData, frames), file) : [],
  };
}

function identityOf({ sopClassUid, sopInstanceUid }: Head) {
  return { sopClassUid, sopInstanceUid };
}

/** Null where pixels are native already, or there are none. */
function framesToDecode(file: StoredFile, tools: DecodingTools): FramesToDecode | null {
  const { head } = file;
  const { pixelData, transferSyntaxUid } = head;
  const { encapsulated } = transferSyntax(transferSyntaxUid);
  if (!pixelData) return null;
  if (!encapsulated && !pixelData.encapsulated) return null;
  const layout = frameLayout(head, file.read);
  if (layout.kind === 'native') return null;
  if (layout.kind === 'video') throw new NoPicture('unknown-codec');
  const count = frameCount(head.attributes);
  if (layout.kind === 'none' || layout.frames !== count || !encapsulated) throw new NoPicture('damaged');
  const format = pixelFormat(head.attributes, pixelData);
  const bytes = file.frame(1, frameSegments(layout, 1));
  const native = decode({ transferSyntaxUid, format, bytes }, tools);
  const decoded = native.format;
  const bits =
    format.bitsAllocated === 1
      ? format.rows * format.columns * format.samplesPerPixel
      : frameBytes(decoded) * 8;
  if (Math.ceil((bits * count) / 8) > MOST_PIXEL_BYTES) throw new NoPicture('too-large');
  const first = native.bytes.subarray(0, frameBytes(decoded));
  return { transferSyntaxUid, format, decoded, layout, count, bits, first };
}

/** What the Image Pixel module says otherwise of decoded pixels (PS3.5 8.2, PS3.3 C.7.6.3 and C.7.6.1.1.5). */
function changesFor(head: Head, { decoded, format, transferSyntaxUid }: FramesToDecode): Changes {
  const changes = new Map<number, { vr: string; value: Uint8Array } | null>();
  for (const tag of OFFSET_TABLES) changes.set(tag, null);
  const code = (text: string) => ({ vr: 'CS', value: new TextEncoder().encode(text) });
  if (decoded.photometricInterpretation !== format.photometricInterpretation)
    changes.set(Tag.photometricInterpretation, code(decoded.photometricInterpretation));
  if (format.samplesPerPixel > 1)
    changes.set(Tag.planarConfiguration, { vr: 'US', value: Uint8Array.of(decoded.planarConfiguration, 0) });
  if (
    ALWAYS_LOSSY.includes(transferSyntaxUid) &&
    head.attributes.text(Tag.lossyImageCompression).trim() !== '01'
  )
    changes.set(Tag.lossyImageCompression, code('01'));
  return changes;
}

function writeFramesHeader(written: DataSetPieces, { bits, count, format }: FramesToDecode): void {
  const length = Math.ceil((bits * count) / 8);
  written.header(Tag.pixelData, format.bitsAllocated > 8 ? VR_OW : VR_OB, length + (length % 2));
}

function writeNative(
  written: DataSetPieces,
  { attributes, encoding }: Head,
  pixelData: PixelDataLocation,
): void {
  const { tag, vr, offset, length } = pixelData;
  const floating = { [Tag.floatPixelData]: 32, [Tag.doubleFloatPixelData]: 64 }[tag];
  const bitsAllocated = floating ?? attributes.number(Tag.bitsAllocated) ?? 0;
  const word = encoding.littleEndian ? 1 : wordBytes({ bitsAllocated, vr });
  written.linked(tag, vrCode(vr), { offset, length, word });
}

const SEQUENCE_END = [0xfe, 0xff, 0xdd, 0xe0];

/** Where the elements behind the pixels begin; null where fragments end without saying so. */
function endOfPixels(
  file: StoredFile,
  pixelData: PixelDataLocation,
  frames: FramesToDecode | null,
): number | null {
  if (!pixelData.encapsulated || !frames) return pixelData.offset + pixelData.length;
  const last = frameSegments(frames.layout, frames.count)?.segments.at(-1);
  if (!last) return null;
  const end = last[0] + last[1];
  const delimiter = file.read(end, 8);
  return SEQUENCE_END.every((byte, at) => delimiter[at] === byte) ? end + 8 : null;
}
