import { EXPLICIT_VR_LITTLE_ENDIAN } from '@filmpost/dicom/transfer-syntaxes.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import type { LocatedInstance } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { inflate } from '@filmpost/exchange/ingest/recognise/queries.ts';

/** Reads stretches of one instance: from its stored bytes, or from its inflated data set where layouts count so. */
export type ReadStretch = (offset: number, length: number) => Promise<Buffer>;

const MOST_INFLATED = 512 * 1024 * 1024;

export function stretchReader(exchange: Exchange, instance: LocatedInstance, inflated: boolean): ReadStretch {
  if (!inflated) {
    return (offset, length) => exchange.blobs.read(instance.blobId, instance.byteOffset + offset, length);
  }
  // Deflated instances are rare (PS3.5 A.5) and cannot be read in part: the whole is inflated for the asker.
  let whole: Promise<Uint8Array> | null = null;
  return async (offset, length) => {
    whole ??= inflatedDataSet(exchange, instance);
    return Buffer.from((await whole).subarray(offset, offset + length));
  };
}

async function inflatedDataSet(exchange: Exchange, instance: LocatedInstance): Promise<Uint8Array> {
  const file = await exchange.blobs.read(instance.blobId, instance.byteOffset, instance.byteLength);
  let bytes: Uint8Array = new Uint8Array();
  readHead(file, file.length, {
    inflate: (deflated, most) => (bytes = inflate(deflated, Math.min(most, MOST_INFLATED))),
  });
  return bytes;
}

/** Inflated bytes travel as what they are then. */
export function servedTransferSyntax(instance: LocatedInstance, inflated: boolean): string {
  return inflated ? EXPLICIT_VR_LITTLE_ENDIAN : instance.transferSyntaxUid;
}
