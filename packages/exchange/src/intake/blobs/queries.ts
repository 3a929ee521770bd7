import type { Exchange } from '../../exchange.ts';
import type { UploadState } from '../schema.ts';

export interface BlobRow {
  id: string;
  uploadId: string;
  size: number | null;
  state: 'receiving' | 'received' | 'ingested' | 'removed';
  metadata: Record<string, string | null>;
  createdAt: Date;
  uploadState: UploadState;
}

/** The books' word on a blob; the caller has yet to show a right to its upload. */
export async function findBlob(exchange: Exchange, blobId: string): Promise<BlobRow | null> {
  const row = await exchange.db
    .selectFrom('blob')
    .innerJoin('upload', 'upload.id', 'blob.uploadId')
    .select([
      'blob.id',
      'blob.uploadId',
      'blob.size',
      'blob.state',
      'blob.metadata',
      'blob.createdAt',
      'upload.state as uploadState',
    ])
    .where('blob.id', '=', blobId)
    .executeTakeFirst();
  return row ?? null;
}
