import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Granted } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { type Ingested, ingestBlobs } from '@filmpost/exchange/ingest/commands.ts';
import { blobStored, blobTerminated, expectBlob } from '@filmpost/exchange/intake/blobs/commands.ts';
import { deviceUpload } from '@filmpost/exchange/intake/commands.ts';
import { BytesResponse } from '../../answer.ts';
import type { Knock } from '../../knock.ts';
import { BadRequest } from './bad-request.ts';
import { PartFinder, type PartRange, boundaryOf } from './multipart-reader.ts';

const WRITE_BYTES = 1024 * 1024;

/** Failure reasons of the Store Instances Response (PS3.18 I.2.2; PS3.4 B.2.3). */
const FAILURE = {
  processing: 0x0110,
  duplicate: 0x0111,
  otherStudy: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

/**
 * STOW-RS (PS3.18 10.5). The body is written to one blob as it comes; its instances are stretches of it. The answer
 * is given when they are on the disk and in the catalogue: durable before yes.
 */
export async function storeInstances(
  exchange: Exchange,
  granted: Granted<'archive:store'>,
  { knock, studyInstanceUid }: { knock: Knock; studyInstanceUid: string | null },
): Promise<Response> {
  const finder = new PartFinder(boundaryOf(knock.request.headers.get('content-type') ?? ''));
  const uploadId = await deviceUpload(exchange, granted);
  const writer = await admit(exchange, knock.visitor, { capability: 'upload:write', subject: { uploadId } });
  const blobId = randomBytes(16).toString('hex');
  await expectBlob(exchange, writer, { id: blobId, size: null, contentKey: null, metadata: {} });
  const size = await receive(exchange, blobId, { body: knock.body, finder });
  const metadata = { parts: JSON.stringify(finder.parts.map(asStretch)), study: studyInstanceUid };
  await blobStored(exchange, blobId, { size, metadata });
  const ingested = (await ingestBlobs(exchange, [blobId])).get(uploadId);
  return storeResponse(exchange, ingested ?? null);
}

/** The whole body, or nothing of it: what breaks off or is malformed leaves no bytes behind. */
async function receive(
  exchange: Exchange,
  blobId: string,
  message: { body: AsyncIterable<Uint8Array>; finder: PartFinder },
): Promise<number> {
  try {
    const size = await writeBody(exchange, blobId, message);
    if (message.finder.complete) return size;
    throw new BadRequest('The multipart body ended before its closing boundary.');
  } catch (error) {
    await blobTerminated(exchange, blobId);
    throw error;
  }
}

const asStretch = ({ start, end }: PartRange) => [start, end - start];

async function writeBody(
  exchange: Exchange,
  blobId: string,
  { body, finder }: { body: AsyncIterable<Uint8Array>; finder: PartFinder },
): Promise<number> {
  await using file = await open(exchange.blobs.path(blobId), 'wx');
  let position = 0;
  let waiting: Uint8Array[] = [];
  let length = 0;
  const flush = async () => {
    if (length === 0) return;
    await file.writev(waiting, position);
    position += length;
    waiting = [];
    length = 0;
  };
  for await (const chunk of body) {
    finder.push(chunk);
    waiting.push(chunk);
    length += chunk.length;
    if (length >= WRITE_BYTES) await flush();
  }
  await flush();
  return position;
}

/** Store Instances Response Module (PS3.18 I.2): 200 all, 202 some, 409 none. */
function storeResponse(exchange: Exchange, ingested: Ingested | null): Response {
  const stored = [...(ingested?.added ?? []), ...(ingested?.duplicates ?? [])];
  const conflicts = ingested?.conflicts ?? [];
  const unreadable = (ingested?.setAside ?? []).filter(
    (file) => file.reason !== 'duplicate' && file.reason !== 'conflict',
  );
  const failed = [
    ...conflicts.map((instance) => ({ ...references(instance), '00081197': reason(FAILURE.duplicate) })),
    ...unreadable.map((file) => ({
      '00081197': reason(file.reason === 'other-study' ? FAILURE.otherStudy : FAILURE.cannotUnderstand),
    })),
  ];
  const studies = new Set(stored.map((instance) => instance.study.studyInstanceUid));
  const [only] = studies;
  const body = {
    ...(studies.size === 1 &&
      only && { '00081190': { vr: 'UR', Value: [`${exchange.publicUrl}/dicomweb/studies/${only}`] } }),
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
    ...(stored.length > 0 && {
      '00081199': {
        vr: 'SQ',
        Value: stored.map((instance) => ({ ...references(instance), ...retrieveUrl(exchange, instance) })),
      },
    }),
  };
  const status = failed.length === 0 && stored.length > 0 ? 200 : stored.length > 0 ? 202 : 409;
  return new BytesResponse(Buffer.from(JSON.stringify(body)), {
    status,
    headers: { 'content-type': 'application/dicom+json', 'cache-control': 'no-store' },
  });
}

type Stored = Ingested['added'][number];

function references(instance: Stored) {
  return {
    '00081150': { vr: 'UI', Value: [instance.sopClassUid] },
    '00081155': { vr: 'UI', Value: [instance.sopInstanceUid] },
  };
}

function retrieveUrl(exchange: Exchange, { study, series, sopInstanceUid }: Stored) {
  const path = `studies/${study.studyInstanceUid}/series/${series.seriesInstanceUid}/instances/${sopInstanceUid}`;
  return { '00081190': { vr: 'UR', Value: [`${exchange.publicUrl}/dicomweb/${path}`] } };
}

function reason(code: number) {
  return { vr: 'US', Value: [code] };
}
