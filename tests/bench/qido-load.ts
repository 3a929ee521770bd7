import { once } from 'node:events';
import net from 'node:net';

export interface Load {
  url: string;
  headers: Record<string, string>;
  /** Paths asked for, over and over in this order. */
  paths: readonly string[];
  connections: number;
  seconds: number;
}

export interface Loaded {
  perSecond: number;
  /** Milliseconds from asking to the last byte. */
  p50: number;
  p95: number;
  /** Mean size of an answer, without its head. */
  bytes: number;
  answers: number;
}

const HEAD_END = '\r\n\r\n';
const READ_BYTES = 65_536;

/**
 * Asks over kept connections as fast as the answers come. On plain sockets: it shares the machine with the server it
 * measures, and an HTTP client would cost more than a good answer. @throws when an answer is neither 200 nor 204
 */
export async function load({ url, headers, paths, connections, seconds }: Load): Promise<Loaded> {
  const { hostname, port, host } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  let [next, bytes] = [0, 0];
  const asker = async () => {
    const { answered, failed, onread } = reader();
    const socket = net.connect({ host: hostname, port: Number(port), noDelay: true, onread });
    await once(socket, 'connect');
    socket.on('error', failed).on('close', () => failed(new Error('the server closed a connection')));
    while (performance.now() < until) {
      const asked = performance.now();
      socket.write(requests[next++ % requests.length] ?? '');
      const length = await answered();
      bytes += length;
      latencies.push(performance.now() - asked);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, asker));
  const elapsed = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (q: number) => latencies[Math.floor(latencies.length * q)] ?? Number.NaN;
  const answers = latencies.length;
  return { perSecond: answers / elapsed, p50: at(0.5), p95: at(0.95), bytes: bytes / answers, answers };
}

/**
 * Waits for one answer after the other on a connection and gives the length of its body, which is not looked at: all
 * of them are read into the same memory, because fresh memory for each would cost as much as asking.
 */
function reader() {
  let waiting: { resolve(length: number): void; reject(error: Error): void } | null = null;
  let head = '';
  let [length, missing] = [0, -1];
  const came = (size: number, buffer: Uint8Array): boolean => {
    let rest = size;
    if (missing < 0) {
      head += Buffer.from(buffer.buffer, buffer.byteOffset, size).toString('latin1');
      const end = head.indexOf(HEAD_END);
      if (end < 0) return true;
      rest = head.length - end - HEAD_END.length;
      if (!/^HTTP\/1.1 20[04]/.test(head)) waiting?.reject(new Error(`answered ${head.split('\r\n', 1)[0]}`));
      length = missing = Number(/\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end))?.[1] ?? 0);
      head = '';
    }
    missing -= rest;
    if (missing <= 0) {
      missing = -1;
      waiting?.resolve(length);
    }
    return true;
  };
  return {
    onread: { buffer: Buffer.alloc(READ_BYTES), callback: came },
    failed: (error: Error) => waiting?.reject(error),
    answered: () =>
      new Promise<number>((resolve, reject) => {
        waiting = { resolve, reject };
      }),
  };
}
