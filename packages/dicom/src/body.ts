/** The data set after the meta header: inflated where it must be, its encoding settled. */

import { declaredEncoding, nativeTransferSyntaxUid, observedEncoding } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import type { Meta } from './file-meta.ts';
import { more, refused } from './reading.ts';
import type { HeadResult, Reading } from './reading.ts';

/** The data set's bytes once they can be scanned: the file's own, or inflated. */
export interface Body {
  bytes: Uint8Array;
  size: number;
  start: number;
  encoding: Encoding;
  transferSyntaxUid: string;
}

function inflated(reading: Reading, meta: Meta): Body | HeadResult {
  const { bytes, fileSize, options } = reading;
  if (options.inflate === undefined) return refused('inflate-unavailable', 'no inflater');
  if (bytes.length < fileSize) return more(reading, fileSize);
  const limit = options.maxInflatedBytes;
  try {
    const data = options.inflate(bytes.subarray(meta.end), limit);
    if (data.length > limit) return refused('inflate-limit', `more than ${limit} bytes`);
    const encoding = { explicit: true, littleEndian: true, deflated: true };
    return { bytes: data, size: data.length, start: 0, encoding, transferSyntaxUid: meta.transferSyntaxUid };
  } catch (error) {
    if (error instanceof RangeError) return refused('inflate-limit', `more than ${limit} bytes`);
    return refused('inflate-failed', 'not a deflated data set');
  }
}

/** Settles the encoding: what the first element shows overrules what the header declares. */
export function bodyOf(reading: Reading, meta: Meta): Body | HeadResult {
  const { bytes, fileSize: size, warnings } = reading;
  const start = meta.end;
  const declared = declaredEncoding(meta.transferSyntaxUid);
  const observed = observedEncoding(bytes, start);
  if (declared?.deflated && !observed?.explicit) return inflated(reading, meta);
  const encoding = observed ?? declared ?? { explicit: true, littleEndian: true, deflated: false };
  if (declared === null) {
    return { bytes, size, start, encoding, transferSyntaxUid: nativeTransferSyntaxUid(encoding) };
  }
  const honest =
    !declared.deflated &&
    encoding.explicit === declared.explicit &&
    encoding.littleEndian === declared.littleEndian;
  if (!honest) warnings.add('transfer-syntax-lies');
  const transferSyntaxUid = honest ? meta.transferSyntaxUid : nativeTransferSyntaxUid(encoding);
  return { bytes, size, start, encoding, transferSyntaxUid };
}
