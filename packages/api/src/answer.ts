import type { ServerResponse } from 'node:http';

/**
 * A Response whose bytes come from memory or a generator. Node sends `source` as it is; everybody else reads the
 * standard body. Web streams would cost a third of the throughput of a frame, and a copy of its bytes another.
 *
 * A generator may lend its pieces: each is done with before the next is asked for (see BlobFolder.lend).
 */
export class BytesResponse extends Response {
  readonly source: Uint8Array | AsyncIterable<Uint8Array> | null;

  constructor(source: Uint8Array | AsyncIterable<Uint8Array> | null, init: ResponseInit) {
    super(source && streamOf(source instanceof Uint8Array ? once(source) : source), init);
    this.source = source;
  }
}

/** Pulls only when read, so a body that is sent from its source is never begun twice. */
function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
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
  for (const [name, value] of response.headers) if (name !== 'set-cookie') out.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) out.setHeader('set-cookie', cookies);
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
