import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import type { Attributes, Element } from '@filmpost/tests/world/dicom/dictionary.ts';
import type { Vr } from '@filmpost/tests/world/dicom/values.ts';

/** Numbers as native little endian samples. */
export const bytesOf = {
  u8: (...numbers: number[]) => Uint8Array.from(numbers),
  u16: (...numbers: number[]) => new Uint8Array(Uint16Array.from(numbers).buffer),
  i16: (...numbers: number[]) => new Uint8Array(Int16Array.from(numbers).buffer),
  u32: (...numbers: number[]) => new Uint8Array(Uint32Array.from(numbers).buffer),
  f32: (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer),
  f64: (...numbers: number[]) => new Uint8Array(Float64Array.from(numbers).buffer),
};

export interface SmallImage {
  attributes?: Attributes;
  extra?: readonly Element[];
  transferSyntaxUid?: string;
  fragments?: readonly Uint8Array[];
}

/** An image of one row unless told, without window and rescale, 16 bits unsigned: what a test says of it is all there is. */
export function smallImage(pixels: Uint8Array, { attributes, extra, ...rest }: SmallImage = {}): Uint8Array {
  const samples = Number(attributes?.SamplesPerPixel ?? 1);
  const bits = Number(attributes?.BitsAllocated ?? 16);
  const columns = Math.floor((pixels.length * 8) / bits / samples);
  return anInstance({
    modality: 'OT',
    transferSyntaxUid: rest.transferSyntaxUid,
    extraElements: extra,
    attributes: {
      Rows: 1,
      Columns: columns,
      BitsAllocated: bits,
      BitsStored: bits,
      HighBit: Number(attributes?.BitsStored ?? bits) - 1,
      PixelRepresentation: 0,
      WindowCenter: undefined,
      WindowWidth: undefined,
      PixelData: rest.fragments ? { fragments: rest.fragments } : pixels,
      ...attributes,
    },
  }).bytes;
}

/** A sequence of elements the world's dictionary does not know, in Explicit VR Little Endian. */
export function sequence(tag: number, items: readonly (readonly Element[])[]): Element {
  const bytes = items.map((elements) => {
    const content = Buffer.concat(elements.map(explicit));
    return Buffer.concat([header(0xfffee000), length32(content), content]);
  });
  return { tag, vr: 'SQ', value: new Uint8Array(Buffer.concat(bytes)) };
}

export function element(tag: number, vr: Vr, value: string | number | Uint8Array): Element {
  return { tag, vr, value };
}

function explicit({ tag, vr, value }: Element): Buffer {
  const bytes = value instanceof Uint8Array ? Buffer.from(value) : textOf(vr, value);
  const padded = bytes.length % 2 ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes;
  const long = ['SQ', 'OB', 'OW', 'UN'].includes(vr);
  const size = long ? Buffer.concat([Buffer.alloc(2), length32(padded)]) : length32(padded).subarray(0, 2);
  return Buffer.concat([header(tag), Buffer.from(vr), size, padded]);
}

function textOf(vr: Vr, value: Element['value']): Buffer {
  return vr === 'US' ? Buffer.from(bytesOf.u16(Number(value))) : Buffer.from(String(value));
}

function header(tag: number): Buffer {
  return Buffer.from(bytesOf.u16(tag >>> 16, tag & 0xffff));
}

function length32({ length }: Uint8Array): Buffer {
  return Buffer.from(bytesOf.u32(length));
}
