import { TRPCClientError } from '@trpc/client';
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import { api } from '#lib/live/api.ts';
import { type PiecewiseBody, UnreadableFiles } from './disc-reader.ts';
import {
  ArrivingElsewhere,
  LineLost,
  type Parcel,
  NoRoom,
  NotNow,
  type Transport,
  UploadEnded,
} from './transport.ts';

const DOOR = '/files';
/** What of a body that is read as it is sent goes into one request, in bytes. */
const PIECE_BYTES = 16 * 1024 * 1024;
/** A line on which nothing moves for so long is taken for broken, though nobody said so. */
const SILENCE_MS = 45_000;
/** Answers that pass: locked by our own broken connection, too busy, or a proxy before a server that restarts. */
const PASSING = [408, 423, 425, 429];

/** Packs over tus 1.0 (one upload each), questions over tRPC. Nothing is kept in the browser's storage. */
export function tusTransport(uploadId: string): Transport {
  return {
    stored: () => asked(() => api().uploads.stored.query({ uploadId })),
    send: (parcel) => sendPack(uploadId, parcel),
    remove: (blobId) =>
      Upload.terminate(`${DOOR}/${blobId}`, { retryDelays: null }).catch((error: unknown) => {
        if (statusOf(error) === 404 || statusOf(error) === 410 || statusOf(error) === 400) return;
        throw asTransportError(error);
      }),
    finish: () => asked(() => api().uploads.finish.mutate({ uploadId })),
  };
}

/** tRPC's failures in the sender's words. */
export async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    const data = error instanceof TRPCClientError ? error.data : undefined;
    const code = data?.code;
    if (data?.noRoom) throw new NoRoom(sentenceOf(error));
    if (code === 'NOT_FOUND') throw new UploadEnded();
    if (code === 'CONFLICT' || code === 'PAYLOAD_TOO_LARGE') throw new NotNow(sentenceOf(error));
    throw new LineLost();
  }
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : '');

function sendPack(uploadId: string, { key, body, blobId, onBytes, signal }: Parcel): Promise<void> {
  return new Promise((resolve, reject) => {
    const silence = silenceAlarm(() => stop(new LineLost()));
    const options: UploadOptions = {
      ...(blobId === null ? { endpoint: DOOR } : { uploadUrl: `${DOOR}/${blobId}` }),
      metadata: { upload: uploadId, key, filename: 'pack' },
      ...(body instanceof Blob ? { chunkSize: Infinity } : inPieces(body)),
      uploadDataDuringCreation: true,
      storeFingerprintForResuming: false,
      // Trying again is the sender's business: it asks first what has arrived meanwhile.
      retryDelays: null,
      onProgress: (bytes) => {
        silence.heard();
        onBytes(bytes);
      },
      onSuccess: () => finish(resolve),
      onError: (error) => finish(() => reject(asTransportError(error))),
    };
    // With a reader of its own the library looks at nothing else of what it is given.
    const upload = new Upload(body instanceof Blob ? body : new Blob(), options);
    const stop = (error: Error) => {
      void upload.abort();
      finish(() => reject(error));
    };
    const onAbort = () => stop(new UploadEnded());
    const finish = (settle: () => void) => {
      silence.off();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else upload.start();
  });
}

/** Reads a body piece by piece, just before each piece is sent: memory stays flat however large it is. */
function inPieces(body: PiecewiseBody): Pick<UploadOptions, 'chunkSize' | 'fileReader'> {
  const source = {
    size: body.size,
    slice: async (start: number, end: number) => {
      const value = await body.slice(start, Math.min(end, body.size));
      return { value, done: end >= body.size };
    },
    close: () => undefined,
  };
  return { chunkSize: PIECE_BYTES, fileReader: { openFile: () => Promise.resolve(source) } };
}

function silenceAlarm(ring: () => void) {
  let timer = setTimeout(ring, SILENCE_MS);
  return {
    heard() {
      clearTimeout(timer);
      timer = setTimeout(ring, SILENCE_MS);
    },
    off: () => clearTimeout(timer),
  };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof DetailedError ? error.originalResponse?.getStatus() : undefined;
}

/** What the server itself said; a proxy on the way speaks in pages of its own. */
function ourSentence(error: unknown): string | undefined {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  return response?.getHeader('Tus-Resumable') ? response.getBody().trim() : undefined;
}

function asTransportError(error: unknown): Error {
  if (error instanceof DetailedError && error.causingError instanceof UnreadableFiles)
    return error.causingError;
  const status = statusOf(error);
  const sentence = ourSentence(error);
  if (sentence && status === 507) return new NoRoom(sentence);
  if (sentence && status === 413) return new NotNow(sentence);
  if (!status || status >= 500 || PASSING.includes(status)) return new LineLost();
  if (status === 409) return new ArrivingElsewhere();
  return new UploadEnded();
}
