import { deflateRawSync } from 'node:zlib';
import { elementsOf } from './dictionary.ts';
import type { Attributes, Element } from './dictionary.ts';
import { valueBytes } from './values.ts';
import type { Encapsulated } from './values.ts';

/** Transfer syntaxes (PS3.5 annex A) this world can write by itself. */
export const transferSyntaxes = {
  implicitVrLittleEndian: '1.2.840.10008.1.2',
  explicitVrLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitVrLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitVrBigEndian: '1.2.840.10008.1.2.2',
  rleLossless: '1.2.840.10008.1.2.5',
} as const;

export interface Part10 {
  readonly attributes: Attributes;
  /** Elements the dictionary does not know: private ones, odd VRs. */
  readonly extraElements?: readonly Element[];
  /** Explicit VR Little Endian unless said otherwise. */
  readonly transferSyntaxUid?: string;
  /** What the file meta names when the data set has no SOP Common module, as in a DICOMDIR. */
  readonly mediaStorage?: { readonly sopClassUid: string; readonly sopInstanceUid: string };
  /** Write sequences and items with undefined length and delimiters. */
  readonly undefinedLength?: boolean;
  /** Write the data set alone, as some old modalities export it: no preamble, no file meta. */
  readonly bareDataSet?: boolean;
}

interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  readonly undefinedLength: boolean;
}

const FILE_META: Encoding = { explicitVr: true, littleEndian: true, undefinedLength: false };
const UNDEFINED = 0xffffffff;
const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** This writer's own Implementation Class UID (0002,0012). */
const IMPLEMENTATION_CLASS_UID = '2.25.182743950621849573620948571620394857';

/**
 * A DICOM file (PS3.10 section 7). The same input gives the same bytes.
 *
 * @throws UnwritableValue for a value its VR cannot hold
 */
export function writePart10(p10: Part10): Uint8Array {
  const transferSyntaxUid = p10.transferSyntaxUid ?? transferSyntaxes.explicitVrLittleEndian;
  const encoding = {
    explicitVr: transferSyntaxUid !== transferSyntaxes.implicitVrLittleEndian,
    littleEndian: transferSyntaxUid !== transferSyntaxes.explicitVrBigEndian,
    undefinedLength: p10.undefinedLength ?? false,
  };
  const chunks = encodeAll(inOrder([...elementsOf(p10.attributes), ...(p10.extraElements ?? [])]), encoding);
  const deflated = transferSyntaxUid === transferSyntaxes.deflatedExplicitVrLittleEndian;
  const dataSet = deflated ? [evenDeflated(concatenated(chunks))] : chunks;
  return concatenated(p10.bareDataSet ? dataSet : [...fileMeta(p10, transferSyntaxUid), ...dataSet]);
}

function fileMeta({ attributes, mediaStorage }: Part10, transferSyntaxUid: string): Uint8Array[] {
  const preamble = new Uint8Array(132);
  preamble.set(new TextEncoder().encode('DICM'), 128);
  const group = encodeAll(
    elementsOf({
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: mediaStorage?.sopClassUid ?? attributes.SOPClassUID,
      MediaStorageSOPInstanceUID: mediaStorage?.sopInstanceUid ?? attributes.SOPInstanceUID,
      TransferSyntaxUID: transferSyntaxUid,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: 'FILMPOST_WORLD',
    }),
    FILE_META,
  );
  const groupLength = encodeAll(elementsOf({ FileMetaInformationGroupLength: lengthOf(group) }), FILE_META);
  return [preamble, ...groupLength, ...group];
}

function inOrder(elements: Element[]): Element[] {
  return elements.sort((a, b) => a.tag - b.tag);
}

function encodeAll(elements: readonly Element[], encoding: Encoding): Uint8Array[] {
  return elements.flatMap((element) => encodeElement(element, encoding));
}

function encodeElement({ tag, vr, value }: Element, encoding: Encoding): Uint8Array[] {
  if (typeof value === 'object' && 'fragments' in value) {
    return [header({ tag, vr: 'OB', length: UNDEFINED }, encoding), ...encapsulated(value)];
  }
  if (vr === 'SQ' && Array.isArray(value)) {
    const items = value.flatMap((item: Attributes) => encodeItem(item, encoding));
    if (!encoding.undefinedLength) return [header({ tag, vr, length: lengthOf(items) }, encoding), ...items];
    return [header({ tag, vr, length: UNDEFINED }, encoding), ...items, delimiter(0xfffee0dd, 0, encoding)];
  }
  const bytes = valueBytes(value, vr, encoding.littleEndian);
  return [header({ tag, vr, length: bytes.length }, encoding), bytes];
}

function encodeItem(item: Attributes, encoding: Encoding): Uint8Array[] {
  const content = encodeAll(inOrder(elementsOf(item)), encoding);
  if (!encoding.undefinedLength) return [delimiter(0xfffee000, lengthOf(content), encoding), ...content];
  return [delimiter(0xfffee000, UNDEFINED, encoding), ...content, delimiter(0xfffee00d, 0, encoding)];
}

function encapsulated({ fragments, emptyOffsetTable = false }: Encapsulated): Uint8Array[] {
  const even = fragments.map((fragment) => valueBytes(fragment, 'OB', true));
  const offsets: number[] = [];
  even.reduce((at, fragment) => (offsets.push(at), at + 8 + fragment.length), 0);
  const table = valueBytes(emptyOffsetTable ? [] : offsets, 'UL', true);
  const items = [table, ...even].flatMap((bytes) => [delimiter(0xfffee000, bytes.length, FILE_META), bytes]);
  return [...items, delimiter(0xfffee0dd, 0, FILE_META)];
}

/** PS3.5 section 7.1: implicit VR has tag and 32-bit length; explicit VR a short or a long form. */
function header(element: { tag: number; vr: string; length: number }, encoding: Encoding): Uint8Array {
  if (!encoding.explicitVr) return delimiter(element.tag, element.length, encoding);
  const long = LONG_FORM.has(element.vr);
  const view = new DataView(new ArrayBuffer(long ? 12 : 8));
  putTag(view, element.tag, encoding);
  view.setUint8(4, element.vr.charCodeAt(0));
  view.setUint8(5, element.vr.charCodeAt(1));
  if (long) view.setUint32(8, element.length, encoding.littleEndian);
  else view.setUint16(6, element.length, encoding.littleEndian);
  return new Uint8Array(view.buffer);
}

function delimiter(tag: number, length: number, encoding: Encoding): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  putTag(view, tag, encoding);
  view.setUint32(4, length, encoding.littleEndian);
  return new Uint8Array(view.buffer);
}

function putTag(view: DataView, tag: number, { littleEndian }: Encoding): void {
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
}

function evenDeflated(bytes: Uint8Array): Uint8Array {
  return valueBytes(deflateRawSync(bytes), 'OB', true);
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function concatenated(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(chunks));
  chunks.reduce((at, chunk) => (whole.set(chunk, at), at + chunk.length), 0);
  return whole;
}
