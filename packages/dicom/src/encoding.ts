/** In which of the four encodings the data set is: by what the bytes say, with the header as a hint. */

import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
} from './transfer-syntaxes.ts';
import { IMPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntaxes.ts';
import { VALUE_KIND, ValueKind } from './vr.ts';

export interface Encoding {
  explicit: boolean;
  littleEndian: boolean;
  deflated: boolean;
}

/** What a transfer syntax UID says; null for none. */
export function declaredEncoding(uid: string): Encoding | null {
  if (uid === '') return null;
  return {
    explicit: uid !== IMPLICIT_VR_LITTLE_ENDIAN,
    littleEndian: uid !== EXPLICIT_VR_BIG_ENDIAN,
    deflated: uid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  };
}

/**
 * What the first element of a data set shows; null when it is not there or reads as no element at all
 * (deflated data does not). Groups of first elements are small numbers, so the byte order shows in them.
 */
export function observedEncoding(bytes: Uint8Array, at: number): Encoding | null {
  if (at + 8 > bytes.length) return null;
  const little = bytes[at]! | (bytes[at + 1]! << 8);
  const big = (bytes[at]! << 8) | bytes[at + 1]!;
  if (Math.min(little, big) > 0xff) return null;
  const explicit = VALUE_KIND[(bytes[at + 4]! << 8) | bytes[at + 5]!] !== ValueKind.unknown;
  return { explicit, littleEndian: little <= big, deflated: false };
}

/** The transfer syntax of uncompressed data in this encoding. */
export function nativeTransferSyntaxUid({ explicit, littleEndian }: Encoding): string {
  if (!littleEndian) return EXPLICIT_VR_BIG_ENDIAN;
  return explicit ? EXPLICIT_VR_LITTLE_ENDIAN : IMPLICIT_VR_LITTLE_ENDIAN;
}
