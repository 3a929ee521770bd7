import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface FloorServer extends AsyncDisposable {
  url: string;
  pid: number;
}

/** One of the floors, as a process of its own with a folder that is thrown away. */
export async function floorServer(file: string, ...words: readonly string[]): Promise<FloorServer> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-floor-'));
  const server = spawn(process.execPath, [path.join(import.meta.dirname, file), directory, ...words], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exit = once(server, 'exit');
  const early = exit.then(() => Promise.reject(new Error('the floor ended early')));
  early.catch(() => undefined);
  const [port] = await Promise.race([once(server, 'message'), early]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: server.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (server.connected) server.disconnect();
      await exit;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
