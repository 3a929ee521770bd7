import { z } from 'zod';
import type { JobDefinition } from '../jobs.ts';
import { SETTLE_UPLOAD, SWEEP_INTAKE } from './commands.ts';
import { settleUpload, sweepIntake } from './settling/commands.ts';

const payload = z.object({ uploadId: z.uuid() });

export const settleUploadJob: JobDefinition = {
  queue: SETTLE_UPLOAD,
  policy: { retryLimit: 5, retryDelay: 2, retryBackoff: true, expireInSeconds: 600, heartbeatSeconds: 10 },
  work: { batchSize: 8, localConcurrency: 1 },
  async handle(exchange, data) {
    const uploads = new Set(data.map((item) => payload.parse(item).uploadId));
    for (const uploadId of uploads) await settleUpload(exchange, uploadId);
  },
};

export const sweepIntakeJob: JobDefinition = {
  queue: SWEEP_INTAKE,
  policy: { retryLimit: 0, expireInSeconds: 600 },
  work: { batchSize: 1, localConcurrency: 1 },
  everyMinutes: 5,
  handle: (exchange) => sweepIntake(exchange),
};
