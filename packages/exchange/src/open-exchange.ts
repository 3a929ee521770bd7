import path from 'node:path';
import type { Environment } from '@filmpost/config/environment.ts';
import { readSecret } from '@filmpost/config/secret.ts';
import { readSigningKey } from '@filmpost/config/signing-key.ts';
import { createDatabase } from '@filmpost/db/client.ts';
import { PreparedReads } from '@filmpost/db/prepared.ts';
import { PgBoss } from 'pg-boss';
import { BlobFolder } from './blobs.ts';
import type { Exchange } from './exchange.ts';
import { ingestBlobJob } from './ingest/jobs.ts';
import { type Limits, NO_LIMITS } from './intake/limits/schema.ts';
import { settleUploadJob, sweepIntakeJob } from './intake/jobs.ts';
import type { JobDefinition } from './jobs.ts';
import { planPackageJob, sweepPackagesJob } from './packages/jobs.ts';
import { createStaffAuth } from './staff-auth.ts';
import { Vault } from './vault.ts';

/** Every job of every room. */
export const JOBS: readonly JobDefinition[] = [
  ingestBlobJob,
  settleUploadJob,
  sweepIntakeJob,
  planPackageJob,
  sweepPackagesJob,
];

export interface OpenExchange {
  exchange: Exchange;
  close(): Promise<void>;
}

type Settings = Pick<Environment, 'dataDirectory' | 'publicUrl' | 'secret' | 'secretFile'> & {
  databaseUrl: string;
  /** Whether this process works on jobs, and so also looks after schedules and what got stuck. */
  works?: boolean;
  /** Where they differ from no limits at all. */
  limits?: Partial<Limits>;
  now?: () => Date;
};

/** Puts the exchange together for one process, on a database that is migrated already. */
export async function openExchange(settings: Settings): Promise<OpenExchange> {
  const secret = readSecret(settings);
  const { db, destroy } = createDatabase(settings.databaseUrl, 12);
  const reads = new PreparedReads(settings.databaseUrl);
  const works = settings.works ?? false;
  const boss = new PgBoss({
    connectionString: settings.databaseUrl,
    max: 4,
    migrate: false,
    supervise: works,
    schedule: works,
    useListenNotify: works,
    maintenanceIntervalSeconds: 60,
    monitorIntervalSeconds: 10,
  });
  boss.on('error', (error) => console.error(`job queue: ${error.message}`));
  await boss.start();
  for (const { queue, policy } of JOBS) {
    if (!(await boss.getQueue(queue))) await boss.createQueue(queue, { ...policy, notify: true });
  }
  const vault = new Vault(secret);
  const exchange: Exchange = {
    db,
    reads,
    boss,
    blobs: new BlobFolder(path.join(settings.dataDirectory, 'blobs')),
    vault,
    signingKey: readSigningKey(settings),
    staffAuth: createStaffAuth({
      db,
      publicUrl: settings.publicUrl,
      secret: vault.index('staff sessions', 'better-auth').toString('base64url'),
    }),
    publicUrl: settings.publicUrl,
    limits: { ...NO_LIMITS, ...settings.limits },
    now: settings.now ?? (() => new Date()),
  };
  const close = async () => {
    await boss.stop({ graceful: true, timeout: 20_000 });
    await Promise.all([reads.close(), destroy()]);
  };
  return { exchange, close };
}
