import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ORTHANC = process.env.ORTHANC ?? '/usr/sbin/Orthanc';

/** Whether Orthanc can be measured on this machine (`apt-get install orthanc`, or ORTHANC=/path/to/it). */
export function orthancHere(): boolean {
  return existsSync(ORTHANC);
}

/** Orthanc with its own SQLite index, each file synced, on loopback and in a folder that is thrown away. */
export async function startOrthanc(): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
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
  return { url, pid: server.pid ?? 0, stop };
}
