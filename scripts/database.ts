import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '@filmpost/config/environment.ts';
import { startEmbeddedPostgres, stopOrphanedPostgres } from '@filmpost/db/embedded.ts';
import { Supervisor } from './supervisor.ts';

export interface OpenDatabase {
  url: string;
  /** See Installation; inside the cluster, so that it can never speak of another database. */
  demoMarker?: string;
  stop(): Promise<void>;
}

type Settings = Pick<Environment, 'databaseUrl' | 'dataDirectory'>;

/**
 * The database of this installation: the one DATABASE_URL names, or our own inside DATA_DIR, kept running.
 * Called by the holder of DATA_DIR's lock.
 */
export async function openDatabase(
  { databaseUrl, dataDirectory }: Settings,
  report: (sentence: string) => void,
): Promise<OpenDatabase> {
  if (databaseUrl) return { url: databaseUrl, stop: async () => undefined };
  const directory = path.join(dataDirectory, 'postgres');
  const demoMarker = path.join(directory, 'demo.unfinished');
  stopOrphanedPostgres(directory);
  // A start that was cut off while making the demo world: nobody has used that database, so it begins anew.
  if (existsSync(demoMarker)) rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
  let url = '';
  const start = async () => {
    const server = await startEmbeddedPostgres({ directory });
    url = server.url;
    return { ...server, exited: server.exited.then(() => 'its server process is gone') };
  };
  const supervisor = new Supervisor({ name: 'database', start, report });
  await supervisor.start();
  return { url, demoMarker, stop: () => supervisor.stop() };
}
