import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { admit, recognise } from '@filmpost/exchange/access/gate/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { type Ingested, ingestBlobs } from '@filmpost/exchange/ingest/commands.ts';
import { blobStored, expectBlob } from '@filmpost/exchange/intake/blobs/commands.ts';
import { deviceUpload } from '@filmpost/exchange/intake/commands.ts';
import { packHead } from '@filmpost/media/pack.ts';
import { type Device, type Facility, aDevice } from './facility.ts';

/** A file to be stored; `bytes` may be made at the moment it is wanted. */
export interface FileToStore {
  path: string;
  bytes: Uint8Array;
}

/**
 * Stores files in a facility's record as one of its devices would, without a network: the same pack, the same books,
 * the same ingest.
 */
export async function storeFiles(
  exchange: Exchange,
  facility: Facility,
  { files, device }: { files: readonly FileToStore[]; device?: Device },
): Promise<Ingested | undefined> {
  const { key, store } = device ?? (await aDevice(exchange, facility));
  const uploadId = await deviceUpload(exchange, store);
  const visitor = await recognise(exchange, { address: 'local', headers: new Headers(), bearer: key });
  const writer = await admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId } });
  const blobId = randomBytes(16).toString('hex');
  const head = packHead(files.map(({ path, bytes }) => ({ name: path, size: bytes.length })));
  const size = files.reduce((sum, file) => sum + file.bytes.length, head.length);
  await expectBlob(exchange, writer, { id: blobId, size, contentKey: null, metadata: {} });
  await using blob = await open(exchange.blobs.path(blobId), 'wx');
  await blob.writeFile(head);
  for (const file of files) await blob.writeFile(file.bytes);
  await blobStored(exchange, blobId, { size, metadata: {} });
  return (await ingestBlobs(exchange, [blobId])).get(uploadId);
}
