import type { FileHandle } from 'node:fs/promises';
import { MalformedPack, isPack, packEntries, packHeadLength } from '@filmpost/media/pack.ts';
import type { Exchange } from '../exchange.ts';
import { z } from 'zod';
import type { ReceivedFile } from './schema.ts';

const stretches = z.array(z.tuple([z.number(), z.number()]));

export interface WaitingBlob {
  id: string;
  uploadId: string;
  facilityId: string;
  uploadKind: 'request' | 'staff' | 'device';
  metadata: Record<string, string | null>;
}

/** Those of these blobs that were received, not yet understood, and not taken back. */
export async function waitingBlobs(exchange: Exchange, blobIds: readonly string[]): Promise<WaitingBlob[]> {
  return exchange.db
    .selectFrom('blob')
    .innerJoin('upload', 'upload.id', 'blob.uploadId')
    .select(['blob.id', 'blob.uploadId', 'upload.facilityId', 'upload.kind as uploadKind', 'blob.metadata'])
    .where('blob.id', 'in', blobIds)
    .where('blob.state', '=', 'received')
    .where('upload.state', 'not in', ['withdrawn', 'abandoned'])
    .execute();
}

/** The files a blob is made of: a pack's, or itself alone. Null for a pack that does not add up. */
export async function filesOfBlob(handle: FileHandle, blob: WaitingBlob): Promise<ReceivedFile[] | null> {
  const { size } = await handle.stat();
  if (blob.metadata.parts) return partsOf(blob, blob.metadata.parts);
  const start = await readBeginning(handle, Math.min(size, 64 * 1024));
  if (!isPack(start)) {
    return [{ blobId: blob.id, name: blob.metadata.filename ?? '', offset: 0, size }];
  }
  try {
    const headLength = Math.min(packHeadLength(start), size);
    const head = headLength <= start.length ? start : await readBeginning(handle, headLength);
    return packEntries(head, size).map(({ sha256, ...entry }) => ({
      ...entry,
      blobId: blob.id,
      promised: sha256,
    }));
  } catch (error) {
    if (error instanceof MalformedPack) return null;
    throw error;
  }
}

async function readBeginning(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(bytes, 0, length, 0);
  return bytes.subarray(0, bytesRead);
}

/** A STOW body: its parts were found while it came and written down with the blob. */
function partsOf(blob: WaitingBlob, parts: string): ReceivedFile[] {
  return stretches
    .parse(JSON.parse(parts))
    .map(([offset, size], i) => ({ blobId: blob.id, name: `part ${i + 1}`, offset, size }));
}
