import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A hospital's web proxy in front of the house, with the ways such proxies have. */
export interface Proxy {
  /** Without a trailing slash. */
  url: string;
  close(): void;
}

export interface ProxyWays {
  /** Answers are let through only once they have ended. */
  holdsStreams?: boolean;
  /** Streams of events are answered with 403. */
  refusesStreams?: boolean;
  /** Methods that are answered with 405. */
  blocks?: readonly string[];
  /** Larger request bodies are answered with 413. */
  mostBytes?: number;
}

/** Passes requests on and lets no WebSocket through. */
export async function aProxy(target: string, ways: ProxyWays = {}): Promise<Proxy> {
  const { holdsStreams = false, refusesStreams = false, blocks = [], mostBytes = Infinity } = ways;
  const server = http.createServer((request, response) => {
    const { method = 'GET', headers, url = '/' } = request;
    const refusal = blocks.includes(method)
      ? 405
      : refusesStreams && headers.accept === 'text/event-stream'
        ? 403
        : Number(headers['content-length'] ?? 0) > mostBytes
          ? 413
          : 0;
    if (refusal > 0) {
      request.resume();
      response.writeHead(refusal).end();
      return;
    }
    const onward = http.request(`${target}${url}`, { method, headers }, async (answer) => {
      const head = () => response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!holdsStreams) return void answer.pipe(head());
      const pieces = await answer.toArray().catch(() => null);
      if (pieces) head().end(Buffer.concat(pieces));
      else response.destroy();
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on TCP, so it has an address and a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
