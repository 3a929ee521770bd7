import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
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

/** A SOCKS 5 relay (RFC 1928) without sign-in, which is what browsers speak to a proxy that carries any connection. */
export async function aLine(): Promise<Line> {
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
      relay(
        client,
        (port) => keep(connect(port, '127.0.0.1')),
        (sent) => (bytes += sent),
      );
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

/** Greeting and request come as one message each from browsers; then everything passes as it is. */
function relay(client: Socket, dial: (port: number) => Socket, onSent: (bytes: number) => void): void {
  client.once('data', () => {
    client.write(Buffer.from([5, 0]));
    client.once('data', (request: Buffer) => {
      const upstream = dial(request.readUInt16BE(request.length - 2));
      upstream.once('connect', () => {
        client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        client.on('data', (chunk: Buffer) => onSent(chunk.length));
        client.pipe(upstream).pipe(client);
      });
      upstream.on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
  });
}
