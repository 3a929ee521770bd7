/** What compressed frames say of themselves: it must agree with the DICOM attributes before a codec is let near. */

import { NoPicture } from './refusals.ts';

export interface Codestream {
  columns: number;
  rows: number;
  components: number;
  /** Bits of a component. */
  bits: number;
  /** Each component in a plane of its own (JPEG-LS, ISO/IEC 14495-1 C.2.3: interleave mode 0). */
  planar: boolean;
  /** What three components of a JPEG are, as far as its markers say (JFIF, Adobe APP14); null when they do not. */
  colour: 'RGB' | 'YBR' | null;
}

const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
/** DHT, JPG and DAC lie among the start-of-frame markers (ISO/IEC 10918-1 table B.1); SOF55 is JPEG-LS. */
const isFrameStart = (marker: number) =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function frameStart(segment: DataView): Codestream & { ids: string } {
  const components = segment.getUint8(7);
  const ids = Array.from({ length: components }, (_, at) => segment.getUint8(8 + at * 3));
  return {
    columns: segment.getUint16(5),
    rows: segment.getUint16(3),
    components,
    bits: segment.getUint8(2),
    planar: false,
    colour: null,
    ids: String.fromCharCode(...ids),
  };
}

/** The markers of a JPEG or JPEG-LS up to its first scan (ISO/IEC 10918-1 annex B). @throws NoPicture */
export function jpegCodestream(bytes: Uint8Array): Codestream {
  const view = viewOf(bytes);
  let found: ReturnType<typeof frameStart> | null = null;
  let colour: Codestream['colour'] = null;
  try {
    for (let at = 0; ;) {
      if (view.getUint8(at) !== 0xff) throw new NoPicture('damaged');
      const marker = view.getUint8(at + 1);
      if (marker === 0xff || isAlone(marker)) {
        at += marker === 0xff ? 1 : 2;
        continue;
      }
      const segment = new DataView(view.buffer, view.byteOffset + at + 2, view.getUint16(at + 2));
      if (isFrameStart(marker)) found = frameStart(segment);
      if (marker === APP0 && startsWith(segment, 'JFIF')) colour ??= 'YBR';
      if (marker === APP14 && startsWith(segment, 'Adobe'))
        colour = segment.getUint8(13) === 0 ? 'RGB' : 'YBR';
      if (marker === SOS && found) return finished(found, colour, segment);
      at += 2 + segment.byteLength;
    }
  } catch (error) {
    // Read past the end: only a DataView throws RangeError here.
    if (error instanceof RangeError) throw new NoPicture('damaged');
    throw error;
  }
}

function finished(
  { ids, ...found }: Codestream & { ids: string },
  colour: Codestream['colour'],
  scan: DataView,
): Codestream {
  const inScan = scan.getUint8(2);
  const interleave = scan.getUint8(4 + inScan * 2);
  return {
    ...found,
    planar: found.components > 1 && interleave === 0,
    colour: ids === 'RGB' ? 'RGB' : colour,
  };
}

function startsWith(segment: DataView, text: string): boolean {
  return [...text].every((letter, at) => segment.getUint8(2 + at) === letter.charCodeAt(0));
}

/** The SIZ marker of a JPEG 2000 or HTJ2K codestream, bare or in a JP2 file (ISO/IEC 15444-1 A.5.1). @throws NoPicture */
export function jpeg2000Codestream(bytes: Uint8Array): Codestream {
  const start = startOfCodestream(bytes);
  if (start < 0 || start + 42 > bytes.length) throw new NoPicture('damaged');
  const siz = new DataView(bytes.buffer, bytes.byteOffset + start + 4, bytes.length - start - 4);
  const components = siz.getUint16(36);
  if (38 + components * 3 > siz.byteLength) throw new NoPicture('damaged');
  const precisions = Array.from({ length: components }, (_, at) => (siz.getUint8(38 + at * 3) & 0x7f) + 1);
  const steps = Array.from({ length: components }, (_, at) => siz.getUint16(39 + at * 3));
  // The codec copies components as if all had the size and depth of the first.
  if (precisions.some((bits) => bits !== precisions[0]) || steps.some((step) => step !== 0x0101)) {
    throw new NoPicture('unsupported');
  }
  return {
    columns: siz.getUint32(4) - siz.getUint32(12),
    rows: siz.getUint32(8) - siz.getUint32(16),
    components,
    bits: precisions[0] ?? 0,
    planar: false,
    colour: null,
  };
}

/** Where SOC and SIZ follow each other; -1 when nowhere. */
function startOfCodestream(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1))
    if (bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return at;
  return -1;
}
