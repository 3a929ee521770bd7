import type { LocatedInstance } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { decodeFrame, pixelFormat } from '@filmpost/imaging/decoding.ts';
import { headOf } from './stored-bytes.ts';

/** One stored frame as Explicit VR Little Endian has it. @throws NoPicture where it cannot be given so */
export async function decodedFrame(
  exchange: Exchange,
  instance: LocatedInstance,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const head = await headOf(exchange, instance);
  const format = pixelFormat(head.attributes, head.pixelData);
  const { transferSyntaxUid } = instance;
  return (await decodeFrame({ transferSyntaxUid, format, bytes })).bytes;
}
