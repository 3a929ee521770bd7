import type { IncomingMessage } from 'node:http';
import type { Server } from '@tus/server';
import { NoRoom } from '@filmpost/exchange/intake/limits/schema.ts';
import { isOutOfSpace } from '@filmpost/exchange/intake/limits/rules.ts';
import { type CancellationContext, ERRORS, type Upload } from '@tus/utils';
import { checksumAsked, verified } from './tus-checksum.ts';
import type { TusStore } from './tus-store.ts';

/** Where the bytes of a request really come from, by the stand-in that the request carries as its body. */
const sources = new WeakMap<ReadableStream, IncomingMessage>();

/**
 * A stand-in for the body of a tus request. @tus/server would lead every byte through a web stream, back through a
 * Node stream, a PassThrough and a Transform, which costs as much CPU as receiving and storing it.
 */
export function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  const standIn = new ReadableStream<Uint8Array<ArrayBuffer>>();
  sources.set(standIn, message);
  return standIn;
}

/** Lets the handlers that receive bytes read them from the socket, with the library's own rules around it. */
export function receiveDirectly(server: Server, store: TusStore): void {
  const writeToStore = async (
    body: ReadableStream | null,
    upload: Upload,
    mostBytes: number,
    { signal }: CancellationContext,
  ): Promise<number> => {
    if (signal.aborted) throw ERRORS.ABORTED;
    const message = body && sources.get(body);
    if (!message) return upload.offset;
    const { offset } = upload;
    const chunks = received(message, { signal, mostBytes });
    const checksum = checksumAsked(String(message.headers['upload-checksum'] ?? ''));
    try {
      if (checksum === null) return await store.receive(upload.id, { offset, chunks });
      return await store.receiveWhole(upload.id, { offset, chunks: verified(chunks, checksum) });
    } catch (error) {
      throw message.destroyed && !message.complete ? ERRORS.ABORTED : error;
    }
  };
  const writeFirst: typeof writeToStore = async (body, upload, mostBytes, context) => {
    try {
      return await writeToStore(body, upload, mostBytes, context);
    } catch (error) {
      // Its sender was not told where the upload is. Only one that broke off is found again, by its key.
      if (!isInterruption(error) || !upload.metadata?.key) await store.forget(upload.id);
      throw error;
    }
  };
  Object.assign(server.handlers.POST, { writeToStore: writeFirst });
  Object.assign(server.handlers.PATCH, { writeToStore });
}

/** What came before is worth keeping: the line broke, or the disk had no room for more. */
function isInterruption(error: unknown): boolean {
  return error === ERRORS.ABORTED || error instanceof NoRoom || isOutOfSpace(error);
}

/** The bytes of a request until it ends, somebody else needs the upload, or it sends more than it said. */
async function* received(
  message: IncomingMessage,
  { signal, mostBytes }: { signal: AbortSignal; mostBytes: number },
): AsyncGenerator<Buffer> {
  let left = mostBytes;
  // Whoever waits for the lock gets it within the drain time: this connection is given up, its bytes are kept.
  const letGo = () => message.destroy();
  signal.addEventListener('abort', letGo, { once: true });
  try {
    // A body that is not read to its end is still answered: destroying it would take the answer along.
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      left -= chunk.length;
      if (left < 0) throw ERRORS.ERR_SIZE_EXCEEDED;
      yield chunk;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', letGo);
  }
}
