import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ORTHANC = process.env.ORTHANC ?? '/usr/sbin/Orthanc';

/** Why there is no PACS to import into; false when there is one. */
export const WITHOUT_PACS = existsSync(ORTHANC) ? false : 'Orthanc is not installed here';

/** An empty Orthanc on this machine: somebody else's PACS, as far as a disc is concerned. */
export interface Pacs extends AsyncDisposable {
  /** Takes a DICOM file, or a ZIP of some. */
  store(bytes: Uint8Array): Promise<void>;
  /** What it does with a DICOM file that it may not like, or may have. */
  offer(bytes: Uint8Array): Promise<'stored' | 'known' | 'refused'>;
  /** The file of every instance, as it would be exported. */
  files(): Promise<Buffer[]>;
}

export async function aPacs(): Promise<Pacs> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-pacs-'));
  const port = await aFreePort();
  const configuration = path.join(directory, 'orthanc.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      StorageDirectory: path.join(directory, 'storage'),
      IndexDirectory: path.join(directory, 'storage'),
      HttpPort: port,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomServerEnabled: false,
      SyncStorageArea: false,
    }),
  );
  const server = spawn(ORTHANC, [configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  await started(createInterface({ input: server.stderr }));
  server.stderr.resume();
  const url = `http://127.0.0.1:${port}`;
  const send = (bytes: Uint8Array) =>
    fetch(`${url}/instances`, { method: 'POST', body: new Uint8Array(bytes) });
  return {
    async store(bytes) {
      const answer = await send(bytes);
      assert.equal(answer.status, 200, await answer.text());
    },
    async offer(bytes) {
      const answer = await send(bytes);
      const { Status: status }: { Status?: string } = await answer.json();
      if (answer.status !== 200) return 'refused';
      return status === 'Success' ? 'stored' : 'known';
    },
    async files() {
      const ids: string[] = await (await fetch(`${url}/instances`)).json();
      const found: Buffer[] = [];
      for (const id of ids)
        found.push(Buffer.from(await (await fetch(`${url}/instances/${id}/file`)).arrayBuffer()));
      return found;
    },
    async [Symbol.asyncDispose]() {
      server.kill();
      await once(server, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** It says so in its log. */
async function started(lines: AsyncIterable<string>): Promise<void> {
  const log: string[] = [];
  for await (const line of lines) {
    if (line.includes('Orthanc has started')) return;
    log.push(line);
  }
  throw new Error(`Orthanc ended while starting:\n${log.join('\n')}`);
}

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}
