import type { FileOnDisc, KnownFiles } from '@filmpost/exchange/intake/manifest/schema.ts';
import { TRPCClientError } from '@trpc/client';
import { DetailedError, type HttpRequest, Upload, type UploadOptions } from 'tus-js-client';
import { api } from '#lib/live/api.ts';
import { type PiecewiseBody, UnreadableFiles } from './disc-reader.ts';
import {
  ArrivingElsewhere,
  LineLost,
  type Parcel,
  NoRoom,
  NotNow,
  OtherForm,
  type Transport,
  UploadEnded,
} from './transport.ts';
import { type Failure, TransportLessons } from './transport-lessons.ts';

const DOOR = '/files';
/** What of a body that is read as it is sent goes into one request, in bytes. */
const PIECE_BYTES = 16 * 1024 * 1024;
/** What is read at once of a pack that broke off, to see whether it can be read. */
const PROBE_BYTES = 1024 * 1024;
/** A line on which nothing moves for so long is taken for broken, though nobody said so. */
const SILENCE_MS = 45_000;
/** Answers that pass: locked by our own broken connection, too busy, or a proxy before a server that restarts. */
const PASSING = [408, 423, 425, 429];

/** Without a sentence of our server something in between says so, and there may be another way tomorrow. */
const REFUSED_ON_THE_WAY = [403, 405, 413];
/** What this page has learned of the network it is in. */
const lessons = new TransportLessons();

/** Packs over tus 1.0 (one upload each), questions over tRPC. Nothing is kept in the browser's storage. */
export function tusTransport(uploadId: string): Transport {
  return {
    stored: () => asked(() => api().uploads.stored.query({ uploadId })),
    send: (parcel) => sendPack(uploadId, parcel),
    announceFiles: (files) => announced(uploadId, files),
    unverified: () => asked(() => api().uploads.unverified.query({ uploadId })),
    forgetFiles: (digests) =>
      asked(() => api().uploads.forgetFiles.mutate({ uploadId, digests: [...digests] })),
    remove: (blobId) => remove(`${DOOR}/${blobId}`),
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

/** An upload that takes no files any more has ended for whoever sends. */
async function announced(uploadId: string, files: readonly FileOnDisc[]): Promise<KnownFiles> {
  if (files.length === 0) return { here: [], elsewhere: [] };
  try {
    return await asked(() => api().uploads.announceFiles.mutate({ uploadId, files: [...files] }));
  } catch (error) {
    throw error instanceof NotNow ? new UploadEnded() : error;
  }
}

/** tus's termination, by POST where DELETE does not come through. What is gone already is as good. */
async function remove(path: string): Promise<void> {
  const headers = { 'Tus-Resumable': '1.0.0' };
  const byPost = { method: 'POST', headers: { ...headers, 'X-HTTP-Method-Override': 'DELETE' } };
  try {
    let { status } = await fetch(path, { method: 'DELETE', headers });
    if (status === 403 || status === 405 || status === 501) ({ status } = await fetch(path, byPost));
    if (status >= 500 || PASSING.includes(status)) throw new LineLost();
  } catch {
    throw new LineLost();
  }
}

function sendPack(uploadId: string, { key, body, blobId, onBytes, signal }: Parcel): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = 0;
    let asking: HttpRequest | undefined;
    // What another pack teaches meanwhile is not how this one was sent.
    const { pieceBytes, overridesPatch } = lessons;
    // A proxy that holds a request and never answers teaches what one that cuts it off does.
    const silence = silenceAlarm(() => {
      const held = asking && failureOf(asking, null, { size: body.size, left, pieceBytes });
      stop(held && lessons.learn(held) ? new OtherForm() : new LineLost());
    });
    const options: UploadOptions = {
      ...(blobId === null ? { endpoint: DOOR } : { uploadUrl: `${DOOR}/${blobId}` }),
      metadata: { upload: uploadId, key, filename: 'pack' },
      ...(body instanceof Blob ? { chunkSize: pieceBytes } : inPieces(body, pieceBytes)),
      // Where bodies are limited, a refused one should not cost the creation as well.
      uploadDataDuringCreation: pieceBytes === Infinity,
      overridePatchMethod: overridesPatch,
      storeFingerprintForResuming: false,
      // Trying again is the sender's business: it asks first what has arrived meanwhile.
      retryDelays: null,
      onProgress: (bytes) => {
        silence.heard();
        left = bytes;
        onBytes(bytes);
      },
      onBeforeRequest: (request) => void (asking = request),
      onAfterResponse: (request, response) => {
        asking = undefined;
        if (response.getStatus() < 300) lessons.succeeded(meantMethod(request));
      },
      onSuccess: () => finish(resolve),
      onError: (error) => {
        silence.off();
        void isUnreadable(body, { from: left, error }).then((unreadable) => {
          if (unreadable) return finish(() => reject(new UnreadableFiles([])));
          const again = lessonOf(error, { size: body.size, left, pieceBytes });
          finish(() => reject(again && lessons.learn(again) ? new OtherForm() : asTransportError(error)));
        });
      },
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

/** Whether it was the disc that failed and not the line, which look the same to whoever sends. */
async function isUnreadable(
  body: Blob | PiecewiseBody,
  { from, error }: { from: number; error: unknown },
): Promise<boolean> {
  if (!(body instanceof Blob) || statusOf(error) !== undefined) return false;
  try {
    for (let at = from; at < body.size; at += PROBE_BYTES)
      await body.slice(at, at + PROBE_BYTES).arrayBuffer();
    return false;
  } catch {
    return true;
  }
}

function meantMethod(request: HttpRequest): string {
  return request.getHeader('X-HTTP-Method-Override') ?? request.getMethod();
}

/** Of one pack, in bytes: its size, how much of it had left, and the most that went in one request. */
interface Sent {
  size: number;
  left: number;
  pieceBytes: number;
}

/** What there is to learn from; nothing when not the line failed but the disc, or our server said no. */
function lessonOf(error: unknown, sent: Sent): Failure | null {
  if (!(error instanceof DetailedError) || error.causingError instanceof UnreadableFiles) return null;
  return ourSentence(error) ? null : failureOf(error.originalRequest, statusOf(error) ?? null, sent);
}

function failureOf(request: HttpRequest, status: number | null, { size, left, pieceBytes }: Sent): Failure {
  const method = meantMethod(request);
  const offset = Number(request.getHeader('Upload-Offset') ?? 0);
  const carries = method === 'PATCH' || (method === 'POST' && pieceBytes === Infinity);
  return {
    method,
    overridden: method !== request.getMethod(),
    status,
    bodyBytes: carries ? Math.min(pieceBytes, size - offset) : 0,
    sentBytes: carries ? Math.max(0, left - offset) : 0,
  };
}

/** Reads a body piece by piece, just before each piece is sent: memory stays flat however large it is. */
function inPieces(body: PiecewiseBody, mostBytes: number): Pick<UploadOptions, 'chunkSize' | 'fileReader'> {
  const source = {
    size: body.size,
    slice: async (start: number, end: number) => {
      const value = await body.slice(start, Math.min(end, body.size));
      return { value, done: end >= body.size };
    },
    close: () => undefined,
  };
  return {
    chunkSize: Math.min(PIECE_BYTES, mostBytes),
    fileReader: { openFile: () => Promise.resolve(source) },
  };
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
  if (!status || status >= 500 || PASSING.includes(status) || REFUSED_ON_THE_WAY.includes(status))
    return new LineLost();
  if (status === 409) return new ArrivingElsewhere();
  return new UploadEnded();
}
