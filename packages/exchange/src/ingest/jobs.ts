import type { Exchange } from '../exchange.ts';
import { INGEST_BLOB } from '../intake/blobs/commands.ts';
import type { JobDefinition } from '../jobs.ts';
import { z } from 'zod';
import { ingestBlobs } from './commands.ts';

const payload = z.object({ blobId: z.string() });

/** Received bytes become catalogue rows. Many small blobs are taken at once: one transaction serves them all. */
export const ingestBlobJob: JobDefinition = {
  queue: INGEST_BLOB,
  policy: { retryLimit: 5, retryDelay: 2, retryBackoff: true, expireInSeconds: 600, heartbeatSeconds: 10 },
  work: { batchSize: 64, localConcurrency: 1 },
  async handle(exchange: Exchange, data: unknown[]) {
    await ingestBlobs(
      exchange,
      data.map((item) => payload.parse(item).blobId),
    );
  },
};
