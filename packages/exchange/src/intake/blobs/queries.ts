import type { Exchange } from '../../exchange.ts';

export interface BlobRow {
  id: string;
  uploadId: string;
  size: number | null;
  state: 'receiving' | 'received' | 'ingested' | 'removed';
  metadata: Record<string, string | null>;
  createdAt: Date;
}

/** The books' word on a blob; the caller has yet to show a right to its upload. */
export async function findBlob(exchange: Exchange, blobId: string): Promise<BlobRow | null> {
  const row = await exchange.db
    .selectFrom('blob')
    .select(['id', 'uploadId', 'size', 'state', 'metadata', 'createdAt'])
    .where('id', '=', blobId)
    .executeTakeFirst();
  return row ?? null;
}
