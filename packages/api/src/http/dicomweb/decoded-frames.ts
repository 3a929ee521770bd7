import type { LocatedInstance } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { NoPicture, decodeFrame, pixelFormat } from '@filmpost/imaging/decoding.ts';
import { headOf } from './stored-bytes.ts';

/** A frame that was asked for in another transfer syntax cannot be given so; the message says why. */
export class CannotDecode extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotDecode';
  }
}

/** One stored frame as Explicit VR Little Endian has it. @throws CannotDecode */
export async function decodedFrame(
  exchange: Exchange,
  instance: LocatedInstance,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const head = await headOf(exchange, instance);
  try {
    const format = pixelFormat(head.attributes, head.pixelData);
    const { transferSyntaxUid } = instance;
    const decoded = await decodeFrame({ transferSyntaxUid, format, bytes });
    return decoded.bytes;
  } catch (error) {
    if (error instanceof NoPicture) throw new CannotDecode(error.message);
    throw error;
  }
}
