import type { ServerResponse } from 'node:http';

/**
 * A Response whose bytes come from memory or a generator: read `source`, its `body` is empty. Web streams would cost
 * a third of the throughput of a frame, and a copy of its bytes another.
 *
 * A generator may lend its pieces: each is done with before the next is asked for (see BlobFolder.lend).
 */
export class BytesResponse extends Response {
  readonly source: Uint8Array | AsyncIterable<Uint8Array> | null;

  constructor(source: Uint8Array | AsyncIterable<Uint8Array> | null, init: ResponseInit) {
    super(null, init);
    this.source = source;
  }
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return new BytesResponse(Buffer.from(JSON.stringify(value)), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** The uniform no: what is unknown, foreign, expired or revoked is answered with exactly this. */
export function notHere(): Response {
  return json(404, { error: 'There is nothing here for you.' }, { 'cache-control': 'no-store' });
}

/** Sends a Response through a Node socket, waiting when the reader is slow, stopping when it is gone. */
export async function send(response: Response, out: ServerResponse): Promise<void> {
  for (const [name, value] of response.headers) {
    // Repeated by nature (RFC 6265 3), and so given one by one.
    if (name === 'set-cookie') out.appendHeader(name, value);
    else out.setHeader(name, value);
  }
  const source = response instanceof BytesResponse ? response.source : response.body;
  if (source instanceof Uint8Array && !out.hasHeader('content-length')) {
    out.setHeader('content-length', source.byteLength);
  }
  out.writeHead(response.status);
  if (out.req.method === 'HEAD' || source === null) {
    out.end();
    return;
  }
  if (source instanceof Uint8Array) {
    out.end(source);
    return;
  }
  try {
    for await (const chunk of source) {
      if (out.destroyed) return;
      await written(out, chunk);
    }
    out.end();
  } catch (error) {
    // The length was promised: a connection cut short tells the client the truth, an early end would not.
    out.destroy(error instanceof Error ? error : undefined);
  }
}

/** Settles when the kernel has the piece, so that its memory may be used again, or nobody wants it any more. */
function written(out: ServerResponse, chunk: Uint8Array): Promise<void> | void {
  let settle = (): void => undefined;
  let done = false;
  out.write(chunk, () => {
    done = true;
    settle();
  });
  if (done || out.socket?.writableLength === 0) return;
  return new Promise((resolve) => {
    settle = () => {
      out.off('close', settle);
      resolve();
    };
    out.once('close', settle);
  });
}
