import type { Attributes } from './dictionary.ts';

/** Value Representations this world writes (PS3.5 section 6.2). */
export type Vr =
  | 'AE'
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'FD'
  | 'FL'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'OD'
  | 'OF'
  | 'OL'
  | 'OW'
  | 'PN'
  | 'SH'
  | 'SL'
  | 'SQ'
  | 'SS'
  | 'ST'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UN'
  | 'UR'
  | 'US'
  | 'UT';

/** Compressed pixels: one fragment per frame, preceded by a Basic Offset Table (PS3.5 section A.4). */
export interface Encapsulated {
  readonly fragments: readonly Uint8Array[];
  /** Leave the Basic Offset Table empty, as many modalities do. */
  readonly emptyOffsetTable?: boolean;
}

/**
 * What an attribute may be set to. Text is written as UTF-8 whatever the VR, bytes go out as they are (the way
 * to write any other character set, or nonsense), sequences are arrays of items.
 */
export type Value =
  string | number | readonly (string | number)[] | Uint8Array | readonly Attributes[] | Encapsulated;

/** A value that cannot be written with the VR it was given. */
export class UnwritableValue extends Error {
  override readonly name = 'UnwritableValue';
}

const BINARY_WIDTHS: { readonly [V in Vr]?: number } = { US: 2, SS: 2, AT: 4, UL: 4, SL: 4, FL: 4, FD: 8 };
const SWAP_WIDTHS: { readonly [V in Vr]?: number } = {
  OW: 2,
  US: 2,
  SS: 2,
  AT: 2,
  OL: 4,
  OF: 4,
  UL: 4,
  SL: 4,
  FL: 4,
  OD: 8,
  FD: 8,
};
const PADDED_WITH_NUL: ReadonlySet<Vr> = new Set<Vr>(['UI', 'OB', 'OW', 'UN']);
const text = new TextEncoder();

/**
 * The bytes of a value that is neither a sequence nor encapsulated, padded to even length (PS3.5 section 6.2).
 * Bytes given for a binary VR are taken as little endian and swapped when `littleEndian` is false.
 */
export function valueBytes(value: Value, vr: Vr, littleEndian: boolean): Uint8Array {
  if (value instanceof Uint8Array)
    return padded(littleEndian ? value : swapped(value, SWAP_WIDTHS[vr] ?? 1), vr);
  const list = typeof value === 'object' ? [...scalars(value, vr)] : [value];
  const width = BINARY_WIDTHS[vr];
  if (width) return binary(list, { vr, width, littleEndian });
  return padded(
    text.encode(list.map((one) => (typeof one === 'number' ? decimal(one, vr) : one)).join('\\')),
    vr,
  );
}

function* scalars(value: Exclude<Value, string | number | Uint8Array>, vr: Vr): Iterable<string | number> {
  for (const one of 'fragments' in value ? [value] : value) {
    if (typeof one === 'object') throw new UnwritableValue(`Items and fragments cannot be written as ${vr}.`);
    yield one;
  }
}

/** DS holds at most 16 characters, so a longer number loses its last digits rather than its place. */
function decimal(value: number, vr: Vr): string {
  if (vr !== 'DS') return String(Math.round(value));
  const plain = String(value);
  return plain.length <= 16 ? plain : String(Number(value.toPrecision(9)));
}

function binary(
  list: (string | number)[],
  how: { vr: Vr; width: number; littleEndian: boolean },
): Uint8Array {
  const view = new DataView(new ArrayBuffer(list.length * how.width));
  list.forEach((one, index) => putNumber(view, index * how.width, { ...how, value: Number(one) }));
  return new Uint8Array(view.buffer);
}

function putNumber(view: DataView, at: number, what: { vr: Vr; value: number; littleEndian: boolean }): void {
  const { vr, value, littleEndian } = what;
  if (vr === 'US') view.setUint16(at, value, littleEndian);
  else if (vr === 'SS') view.setInt16(at, value, littleEndian);
  else if (vr === 'UL') view.setUint32(at, value, littleEndian);
  else if (vr === 'SL') view.setInt32(at, value, littleEndian);
  else if (vr === 'FL') view.setFloat32(at, value, littleEndian);
  else if (vr === 'FD') view.setFloat64(at, value, littleEndian);
  else {
    view.setUint16(at, value >>> 16, littleEndian);
    view.setUint16(at + 2, value & 0xffff, littleEndian);
  }
}

function padded(bytes: Uint8Array, vr: Vr): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = PADDED_WITH_NUL.has(vr) ? 0 : 0x20;
  return even;
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const turned = bytes.slice();
  for (let at = 0; at + width <= turned.length; at += width) turned.subarray(at, at + width).reverse();
  return turned;
}
