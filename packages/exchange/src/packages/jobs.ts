import { z } from 'zod';
import type { JobDefinition } from '../jobs.ts';
import { sweepPackages } from './commands.ts';
import { PLAN_PACKAGE, planPackage } from './planning/commands.ts';

const payload = z.object({ packageId: z.uuid() });

export const planPackageJob: JobDefinition = {
  queue: PLAN_PACKAGE,
  policy: { retryLimit: 3, retryDelay: 2, retryBackoff: true, expireInSeconds: 900, heartbeatSeconds: 10 },
  // Two: nobody's few images wait for somebody's twenty thousand.
  work: { batchSize: 1, localConcurrency: 2 },
  async handle(exchange, data) {
    for (const item of data) await planPackage(exchange, payload.parse(item).packageId);
  },
};

export const sweepPackagesJob: JobDefinition = {
  queue: 'sweep-packages',
  policy: { retryLimit: 0, expireInSeconds: 600 },
  work: { batchSize: 1, localConcurrency: 1 },
  everyMinutes: 15,
  handle: (exchange) => sweepPackages(exchange),
};
