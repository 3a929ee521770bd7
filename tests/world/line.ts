import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import type { BrowserContextOptions } from '@playwright/test';

/** The line of one person to the server: it can be cut as cables are, and it counts what goes over it. */
export interface Line {
  /** For the browser context of whom it belongs to. */
  proxy: NonNullable<BrowserContextOptions['proxy']>;
  /** Bytes sent towards the server so far, with everything that HTTP puts around them. */
  bytesUp(): number;
  /** Breaks every connection; new ones fail at once. */
  cut(): void;
  mend(): void;
  close(): void;
}

export interface LineWays {
  /** How long everything is under way, each way. */
  delayMs?: number;
}

/** A SOCKS 5 relay (RFC 1928) without sign-in, which is what browsers speak to a proxy that carries any connection. */
export async function aLine({ delayMs = 0 }: LineWays = {}): Promise<Line> {
  const open = new Set<Socket>();
  let broken = false;
  let bytes = 0;
  const keep = (socket: Socket) => {
    open.add(socket);
    // What ends one end ends the other; who asked finds out by the end of the connection.
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (broken) client.destroy();
    else
      relay(client, {
        dial: (port) => keep(connect(port, '127.0.0.1')),
        onSent: (sent) => (bytes += sent),
        delayMs,
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on TCP, so it has an address and a port.
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    broken = true;
    for (const socket of open) socket.destroy();
  };
  return {
    proxy: { server: `socks5://127.0.0.1:${port}`, bypass: '<-loopback>' },
    bytesUp: () => bytes,
    cut,
    mend: () => (broken = false),
    close: () => {
      cut();
      server.close();
    },
  };
}

interface Relaying {
  dial(port: number): Socket;
  onSent(bytes: number): void;
  delayMs: number;
}

/** Greeting and request come as one message each from browsers; then everything passes as it is. */
function relay(client: Socket, { dial, onSent, delayMs }: Relaying): void {
  client.once('data', () => {
    client.write(Buffer.from([5, 0]));
    client.once('data', (request: Buffer) => {
      const upstream = dial(request.readUInt16BE(request.length - 2));
      upstream.once('connect', () => {
        client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        client.on('data', (chunk: Buffer) => onSent(chunk.length));
        if (delayMs === 0) client.pipe(upstream).pipe(client);
        else client.pipe(delayed(delayMs)).pipe(upstream).pipe(delayed(delayMs)).pipe(client);
      });
      upstream.on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
  });
}

/** What a long line holds; a fast one (250 MB/s and 15 ms) is not narrowed by it. */
const UNDER_WAY_BYTES = 4 * 1024 * 1024;

/** Passes everything on later. */
function delayed(ms: number): Duplex {
  const underWay: { chunk: Buffer | null; due: number }[] = [];
  let bytes = 0;
  let full: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const arrive = () => {
    const now = performance.now();
    for (let next = underWay[0]; next && next.due <= now; next = underWay[0]) {
      underWay.shift();
      bytes -= next.chunk?.length ?? 0;
      line.push(next.chunk);
    }
    timer = underWay[0] && setTimeout(arrive, underWay[0].due - now);
    if (bytes < UNDER_WAY_BYTES) full?.();
  };
  const depart = (chunk: Buffer | null) => {
    underWay.push({ chunk, due: performance.now() + ms });
    bytes += chunk?.length ?? 0;
    timer ??= setTimeout(arrive, ms);
  };
  const line = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      depart(chunk);
      if (bytes < UNDER_WAY_BYTES) done();
      else
        full = () => {
          full = undefined;
          done();
        };
    },
    final(done) {
      depart(null);
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
  return line;
}
