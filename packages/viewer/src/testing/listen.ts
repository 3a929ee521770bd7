import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export interface Listening {
  origin: string;
  close(): Promise<void>;
}

/** Puts a Request → Response function on a port of its own. */
export async function listen(answer: Answer): Promise<Listening> {
  const server = createServer((message, reply) => {
    send(answer, message, reply).catch((failure: Error) => reply.destroy(failure));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

type Answer = (request: Request) => Response | Promise<Response>;

async function send(answer: Answer, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  const response = await answer(requestOf(message));
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body) await pipeline(response.body, reply);
  else reply.end();
}

function requestOf(message: IncomingMessage): Request {
  const headers = Object.entries(message.headersDistinct).map(([name, values]): [string, string] => [
    name,
    values?.join(', ') ?? '',
  ]);
  return new Request(new URL(message.url ?? '/', `http://${message.headers.host}`), {
    method: message.method,
    headers,
  });
}
