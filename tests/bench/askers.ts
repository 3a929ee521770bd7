import http from 'node:http';

export interface Asking {
  url: string;
  headers: Record<string, string>;
  /** Paths asked for, over and over in this order. */
  paths: readonly string[];
  connections: number;
  seconds: number;
}

export interface Asked {
  answers: number;
  bytes: number;
  seconds: number;
}

/** Asks as fast as the answers come, over kept connections. The first answer other than 200 ends it. */
export async function askAll({ url, headers, paths, connections, seconds }: Asking): Promise<Asked> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const started = performance.now();
  const until = started + seconds * 1000;
  let [answers, bytes, next] = [0, 0, 0];
  const ask = (path: string) =>
    new Promise<void>((resolve, reject) => {
      const request = http.get({ hostname, port, path, agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${path} was answered ${response.statusCode}`));
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', resolve);
        response.on('error', reject);
      });
      request.on('error', reject);
    });
  const asker = async () => {
    while (performance.now() < until) {
      await ask(paths[next++ % paths.length] ?? '');
      answers++;
    }
  };
  await Promise.all(Array.from({ length: connections }, asker));
  agent.destroy();
  return { answers, bytes, seconds: (performance.now() - started) / 1000 };
}
