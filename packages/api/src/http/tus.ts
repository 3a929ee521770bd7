import { randomBytes } from 'node:crypto';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { type Granted, Refused, type Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { AlreadyArriving, UploadClosed, blobReceived } from '@filmpost/exchange/intake/blobs/commands.ts';
import { type BlobRow, findBlob } from '@filmpost/exchange/intake/blobs/queries.ts';
import { deviceUpload } from '@filmpost/exchange/intake/commands.ts';
import { diskTakesBytes } from '@filmpost/exchange/intake/limits/queries.ts';
import { DISK_FULL, isOutOfSpace } from '@filmpost/exchange/intake/limits/rules.ts';
import { NoRoom, TooMuch } from '@filmpost/exchange/intake/limits/schema.ts';
import { HandedOver } from '@filmpost/exchange/intake/termination/commands.ts';
import { uploadCan } from '@filmpost/exchange/intake/rules.ts';
import { Server } from '@tus/server';
import type { Locker } from '@tus/utils';
import { notHere } from '../answer.ts';
import { receiveDirectly } from './tus-body.ts';
import { CHECKSUM_ALGORITHMS } from './tus-checksum.ts';
import { normaliseMetadata, refusedByProtocol } from './tus-protocol.ts';
import { AS_SENT, TusStore } from './tus-store.ts';

/** A no in the form in which tus wants it. */
class TusRefusal extends Error {
  readonly status_code: number;
  readonly body: string;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'TusRefusal';
    this.status_code = status;
    this.body = `${message}\n`;
  }
}

const NOTHING_HERE = () => new TusRefusal(404, 'There is nothing here for you.');

export interface TusOptions {
  locker: Locker;
  maxBytes: number;
  /** Told of bytes as they reach the disk, for the pace that people watch. */
  onBytes(blobId: string, bytes: number): void;
  onComplete(blobId: string): void;
}

/**
 * The tus 1.0 door `/files`: creation, creation-with-upload, creation-defer-length, termination, expiration, checksum.
 */
export function createTus(exchange: Exchange, { locker, maxBytes, onBytes, onComplete }: TusOptions) {
  const store = new TusStore(exchange, onBytes);
  const visitors = new WeakMap<object, Visitor>();
  /** What HEAD has to repeat (tus 1.0.0, Upload-Metadata); @tus/server would write it anew, in another order. */
  const metadataSent = new WeakMap<Request, string | null>();
  const visitorOf = (request: Request) => {
    const visitor = visitors.get(request);
    if (!visitor) throw NOTHING_HERE();
    return visitor;
  };
  const server = new Server({
    path: '/files',
    datastore: store,
    locker,
    maxSize: maxBytes,
    relativeLocation: true,
    allowedOrigins: [exchange.publicUrl],
    allowedHeaders: ['Upload-Checksum'],
    generateUrl: (_request, { path, id }) => `${path}/${id}`,
    async namingFunction(request, metadata) {
      const granted = await grantedUpload(exchange, visitorOf(request), metadata?.upload ?? null);
      const id = randomBytes(16).toString('hex');
      store.permit(id, { granted, asSent: request.headers.get('upload-metadata') });
      return id;
    },
    async onIncomingRequest(request, id) {
      if (request.method === 'POST') return;
      const { blob, granted } = await mayTouch(exchange, visitorOf(request), { id, method: request.method });
      if (request.method === 'DELETE') store.permitRemoval(id, granted);
      metadataSent.set(request, blob.metadata[AS_SENT] ?? null);
      saidAgain(request.headers, blob);
    },
    async onUploadFinish(_request, upload) {
      await blobReceived(exchange, upload.id, upload.size ?? upload.offset);
      onComplete(upload.id);
      return {};
    },
    async onResponseError(_request, error) {
      const known = asTusError(error);
      if (known) return known;
      console.error(`upload failed: ${error instanceof Error ? error.message : 'unknown error'}`);
      // The library would tell the client what was thrown, paths and all.
      return {
        status_code: 500,
        body: 'Something went wrong on our side. What has arrived is kept; try again in a moment.\n',
      };
    },
  });
  receiveDirectly(server, store);
  return async function tus(request: Request, visitor: Visitor): Promise<Response> {
    // @tus/server would serve any finished upload to anybody by GET.
    if (request.method === 'GET') return notHere();
    const refused = refusedByProtocol(request);
    if (refused) return refused;
    normaliseMetadata(request.headers);
    // Addresses are relative, so nothing depends on it; a list of several proxies is more than the library reads.
    request.headers.delete('x-forwarded-proto');
    visitors.set(request, visitor);
    const response = await server.handleWeb(request);
    if (request.method === 'OPTIONS') response.headers.set('Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS);
    if (request.method === 'HEAD') {
      const metadata = metadataSent.get(request) ?? null;
      if (metadata === null) response.headers.delete('upload-metadata');
      else if (response.ok) response.headers.set('upload-metadata', metadata);
      // A POST may mean HEAD, and then a length would promise a body that never comes.
      response.headers.delete('content-length');
    }
    return response;
  };
}

export type TusDoor = ReturnType<typeof createTus>;

/** The upload that new bytes belong to: named by its id, or a device's rolling one. */
async function grantedUpload(exchange: Exchange, visitor: Visitor, uploadId: string | null) {
  try {
    if (uploadId === null) {
      const store = await admit(exchange, visitor, { capability: 'archive:store', subject: {} });
      const own = await deviceUpload(exchange, store);
      return await admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId: own } });
    }
    return await admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId } });
  } catch (error) {
    throw error instanceof Refused ? NOTHING_HERE() : error;
  }
}

/** A client says a length again when the answer to the first time was lost. */
function saidAgain(headers: Headers, { size }: BlobRow): void {
  const length = headers.get('upload-length');
  if (length === null || size === null) return;
  if (length !== String(size))
    throw new TusRefusal(400, `The length of this upload is ${size} bytes already and stays so.`);
  headers.delete('upload-length');
}

async function mayTouch(
  exchange: Exchange,
  visitor: Visitor,
  { id, method }: { id: string; method: string },
): Promise<{ blob: BlobRow; granted: Granted<'upload:write'> }> {
  const blob = /^[0-9a-f]{32}$/.test(id) ? await findBlob(exchange, id) : null;
  if (!blob) throw NOTHING_HERE();
  const granted = await grantedUpload(exchange, visitor, blob.uploadId);
  if (method === 'PATCH') {
    if (!uploadCan('receive', blob.uploadState)) throw new UploadClosed();
    await diskTakesBytes(exchange, 1);
  }
  // The server died after the last byte and before it could say so: what lies on the disk is complete.
  if (method === 'HEAD' && blob.state === 'receiving' && blob.size !== null) {
    if ((await exchange.blobs.size(id)) === blob.size) await blobReceived(exchange, id, blob.size);
  }
  return { blob, granted };
}

/** The file went while its bytes were coming: the upload was withdrawn. */
function isTakenAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function asTusError(error: unknown): { status_code: number; body: string } | undefined {
  if (error instanceof TusRefusal) return { status_code: error.status_code, body: error.body };
  if (error instanceof Refused) return { status_code: 404, body: `${error.message}\n` };
  // No conflict (409), which clients take for one that passes, and not gone (410), which it is not.
  if (error instanceof HandedOver) return { status_code: 403, body: `${error.message}\n` };
  if (error instanceof UploadClosed || isTakenAway(error))
    return { status_code: 410, body: `${new UploadClosed().message}\n` };
  if (error instanceof TooMuch) return { status_code: 413, body: `${error.message}\n` };
  if (isOutOfSpace(error)) return { status_code: 507, body: `${DISK_FULL}\n` };
  if (error instanceof NoRoom) return { status_code: 507, body: `${error.message}\n` };
  if (error instanceof AlreadyArriving) return { status_code: 409, body: `${error.message}\n` };
  const known = error as { status_code?: unknown; body?: unknown };
  return typeof known.status_code === 'number' && typeof known.body === 'string'
    ? { status_code: known.status_code, body: known.body }
    : undefined;
}
