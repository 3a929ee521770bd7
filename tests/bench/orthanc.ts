import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ORTHANC = process.env.ORTHANC ?? '/usr/sbin/Orthanc';

export interface Orthanc {
  url: string;
  /** Version and database, as its /system tells them, e.g. `Orthanc 1.12.7 (PostgreSQL)`. */
  name: string;
  /** Root processes by what they are; none when nobody told them. */
  pids: Record<string, number>;
  stop(): Promise<void>;
}

/**
 * The Orthanc to compare with: the one that runs empty at ORTHANC_URL and is emptied again after each round (its root
 * processes, for CPU and memory, in ORTHANC_PIDS, e.g. `301,287`), or else the one installed here (`apt-get install
 * orthanc`, or ORTHANC=/path/to/it), started for each round; null when there is neither.
 */
export function orthancHere(): (() => Promise<Orthanc>) | null {
  const { ORTHANC_URL } = process.env;
  if (ORTHANC_URL) return () => visitOrthanc(ORTHANC_URL.replace(/\/$/, ''));
  return existsSync(ORTHANC) ? startOrthanc : null;
}

async function nameOf(url: string): Promise<string> {
  const system = await (await fetch(`${url}/system`)).json();
  const plugin = path.basename(system.DatabaseBackendPlugin ?? 'SQLite');
  return `Orthanc ${system.Version} (${/PostgreSQL|SQLite|MySQL|ODBC/.exec(plugin)?.[0] ?? plugin})`;
}

async function patientsOf(url: string): Promise<string[]> {
  return (await fetch(`${url}/patients`)).json();
}

/** One that runs already. It must be empty: what is in it afterwards is ours, and is deleted. */
async function visitOrthanc(url: string): Promise<Orthanc> {
  if ((await patientsOf(url)).length > 0) throw new Error('The Orthanc of ORTHANC_URL is not empty.');
  const pids = (process.env.ORTHANC_PIDS ?? '').split(',').map(Number).filter(Boolean);
  return {
    url,
    name: await nameOf(url),
    pids: Object.fromEntries(pids.map((pid, i) => [i === 0 ? 'orthanc' : `orthanc ${i + 1}`, pid])),
    async stop() {
      for (const patient of await patientsOf(url))
        await fetch(`${url}/patients/${patient}`, { method: 'DELETE' });
    },
  };
}

/** Orthanc with its own SQLite index, each file synced, on loopback and in a folder that is thrown away. */
async function startOrthanc(): Promise<Orthanc> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-orthanc-'));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const configuration = path.join(directory, 'orthanc.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      StorageDirectory: path.join(directory, 'storage'),
      IndexDirectory: path.join(directory, 'storage'),
      HttpPort: port,
      HttpBindAddresses: ['127.0.0.1'],
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomServerEnabled: false,
      StorageCompression: false,
      SyncStorageArea: true,
      KeepAlive: true,
      TcpNoDelay: true,
    }),
  );
  const server = spawn(ORTHANC, [configuration], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const answer = await fetch(`${url}/system`).catch(() => null);
    if (answer?.ok) break;
    if (server.exitCode !== null) throw new Error('Orthanc ended while starting');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = async () => {
    server.kill();
    await once(server, 'exit');
    rmSync(directory, { recursive: true, force: true });
  };
  return { url, name: await nameOf(url), pids: { orthanc: server.pid ?? 0 }, stop };
}
