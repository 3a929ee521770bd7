import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded.ts';
import { migrateToLatest } from './migrate.ts';

const TEMPLATE = 'filmpost_template';
/** Any number will do, as long as nothing else in the test cluster locks it. */
const TEMPLATE_LOCK = 4242;

export interface TestCluster {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** One cluster for a whole test run: quick, forgetful, removed with its folder when stopped. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  const postgres = await startEmbeddedPostgres({ directory: path.join(folder, 'pg'), throwAway: true });
  // For processes that end without a chance to wait, such as those that call process.exit.
  const abandon = () => {
    process.kill(postgres.pid, 'SIGINT');
    waitUntilGone(path.join(folder, 'pg/postmaster.pid'));
    remove();
  };
  process.once('exit', abandon);
  const stop = async () => {
    process.off('exit', abandon);
    await postgres.stop();
    remove();
  };
  postgres.unref();
  return { url: postgres.url, pid: postgres.pid, stop };
}

/** Without an event loop, as nothing else runs any more while a process exits. The server removes this file last. */
function waitUntilGone(file: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let turn = 0; existsSync(file) && turn < 300; turn += 1) Atomics.wait(clock, 0, 0, 10);
}

let own: Promise<TestCluster> | undefined;

/** The run's cluster, or one for this process alone when a test file is run by itself. */
async function clusterUrl(): Promise<string> {
  const shared = process.env.TEST_CLUSTER_URL;
  if (shared) return shared;
  own ??= startTestCluster().then((cluster) => {
    process.once('beforeExit', () => void cluster.stop());
    return cluster;
  });
  return (await own).url;
}

function inDatabase(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Migrates once per cluster; the name appears only when it is complete, so a killed run leaves no half template. */
async function makeTemplate(client: pg.Client, url: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
  if (rowCount) return;
  const draft = `${TEMPLATE}_draft`;
  await client.query(`drop database if exists ${draft} with (force)`);
  await client.query(`create database ${draft}`);
  await migrateToLatest(inDatabase(url, draft));
  await client.query(`alter database ${draft} rename to ${TEMPLATE}`);
}

export interface TestDatabase {
  url: string;
  /** Removes it, ending connections that are still open. */
  drop(): Promise<void>;
}

/** A migrated, empty database of one's own; safe to call from test files that run side by side. */
export async function aDatabase(): Promise<TestDatabase> {
  const cluster = await clusterUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(cluster, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await makeTemplate(client, cluster);
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
  const drop = () =>
    withClient(cluster, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  return { url: inDatabase(cluster, name), drop };
}
