import { randomBytes } from 'node:crypto';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Granted } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { ingestBlobs } from '@filmpost/exchange/ingest/commands.ts';
import { blobStored, expectBlob } from '@filmpost/exchange/intake/blobs/commands.ts';
import { DISK_FULL, isOutOfSpace } from '@filmpost/exchange/intake/limits/rules.ts';
import { NoRoom, TooMuch } from '@filmpost/exchange/intake/limits/schema.ts';
import { deviceUpload } from '@filmpost/exchange/intake/commands.ts';
import { json } from '../../answer.ts';
import type { Knock } from '../../knock.ts';
import { accepted, negotiate } from './accept.ts';
import { BadRequest } from './bad-request.ts';
import type { PartRange } from './multipart-reader.ts';
import { notAcceptable, originOf } from './retrieval.ts';
import {
  type InstanceFinder,
  type StoreLimits,
  TooLarge,
  UnsupportedBody,
  finderFor,
  receiveBody,
  tooMuch,
} from './store-body.ts';
import { storeResponse } from './store-response.ts';

const ANSWERS = ['application/dicom+json', 'application/json'].map((type) => ({
  type,
  multipart: false,
  transferSyntaxUid: null,
}));

interface Storing {
  knock: Knock;
  studyInstanceUid: string | null;
  limits: StoreLimits;
}

/**
 * STOW-RS (PS3.18 10.5). The body is written to one blob as it comes; its instances are stretches of it. The answer
 * is given when they are on the disk and in the catalogue: durable before yes. Whoever could not read the answer, or
 * sends what is not taken, is told before anything is stored.
 */
export async function storeInstances(
  exchange: Exchange,
  granted: Granted<'archive:store'>,
  storing: Storing,
): Promise<Response> {
  const { headers, url } = storing.knock;
  const answer = negotiate(accepted({ headers }, url), ANSWERS);
  if (!answer) return unread(notAcceptable('The answer is application/dicom+json; nothing was stored.'));
  try {
    const finder = finderFor(headers);
    const { bodyBytes } = storing.limits;
    if (Number(headers.get('content-length') ?? 0) > bodyBytes)
      throw new TooLarge(tooMuch('request', bodyBytes));
    const ingested = await store(exchange, granted, { ...storing, finder });
    return storeResponse(ingested, { contentType: answer.type, origin: originOf(exchange, { headers }) });
  } catch (error) {
    const status = statusOf(error);
    if (status === null || !(error instanceof Error)) throw error;
    const sentence = isOutOfSpace(error) ? DISK_FULL : error.message;
    return unread(json(status, { error: sentence }, status === 503 ? { 'retry-after': '60' } : {}));
  }
}

async function store(
  exchange: Exchange,
  granted: Granted<'archive:store'>,
  { knock, studyInstanceUid, limits, finder }: Storing & { finder: InstanceFinder },
) {
  const uploadId = await deviceUpload(exchange, granted);
  const writer = await admit(exchange, knock.visitor, { capability: 'upload:write', subject: { uploadId } });
  const blobId = randomBytes(16).toString('hex');
  await expectBlob(exchange, writer, { id: blobId, size: null, contentKey: null, metadata: {} });
  const size = await receiveBody(exchange, blobId, { body: knock.body, finder, limits });
  const metadata = { parts: JSON.stringify(finder.parts.map(asStretch)), study: studyInstanceUid };
  await blobStored(exchange, blobId, { size, metadata });
  return (await ingestBlobs(exchange, [blobId])).get(uploadId) ?? null;
}

const asStretch = ({ start, end }: PartRange) => [start, end - start];

function statusOf(error: unknown): number | null {
  if (error instanceof BadRequest) return 400;
  if (error instanceof TooLarge || error instanceof TooMuch) return 413;
  if (error instanceof UnsupportedBody) return 415;
  // PS3.18 10.5.3: out of resources.
  return error instanceof NoRoom || isOutOfSpace(error) ? 503 : null;
}

/** The rest of the body will not be read, so nothing else can come over this connection. */
function unread(response: Response): Response {
  response.headers.set('connection', 'close');
  return response;
}
