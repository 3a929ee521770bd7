import type { NativeFrame } from './decode.ts';
import type { PixelFormat } from './pixel-format.ts';
import { NoPicture } from './refusals.ts';

export type StoredValues =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** The samples of a native little endian frame as numbers: only the bits that are meant, with their sign. */
export function storedValues({ format, bytes }: NativeFrame): StoredValues {
  const { bitsAllocated, bitsStored, highBit, floating, signed } = format;
  if (bitsAllocated === 1) return unpacked(bytes, format.rows * format.columns * format.samplesPerPixel);
  const values = viewed(bytes, format);
  const isWhole = bitsStored === bitsAllocated && highBit === bitsStored - 1;
  // Bits above High Bit may hold overlays, below it nothing that is meant (PS3.5 8.1.1).
  if (!floating && !isWhole) keepBits(values, { up: 31 - highBit, down: 32 - bitsStored, signed });
  return values;
}

function keepBits(values: StoredValues, { up, down, signed }: { up: number; down: number; signed: boolean }) {
  const count = values.length;
  if (signed) for (let i = 0; i < count; i++) values[i] = (values[i]! << up) >> down;
  else for (let i = 0; i < count; i++) values[i] = (values[i]! << up) >>> down;
}

function viewed(bytes: Uint8Array, { bitsAllocated, floating, signed }: PixelFormat): StoredValues {
  // A copy of its own: aligned, and free to be changed.
  const size = bitsAllocated / 8;
  const { buffer } = Uint8Array.prototype.slice.call(bytes, 0, Math.floor(bytes.length / size) * size);
  if (floating) return bitsAllocated === 64 ? new Float64Array(buffer) : new Float32Array(buffer);
  if (bitsAllocated === 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (bitsAllocated === 16) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  if (bitsAllocated === 32) return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
  throw new NoPicture('unsupported');
}

function unpacked(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, at) => (bytes[at >> 3]! >> (at & 7)) & 1);
}
