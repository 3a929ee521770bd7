import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  instanceMetadata,
  locateInstance,
  locateInstances,
  seriesMetadata,
  seriesOfStudy,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse, json } from '../../answer.ts';
import { accepted, takes } from './accept.ts';
import { type Part, multipart } from './multipart-writer.ts';

const gunzipped = promisify(gunzip);

/** Instances never change; which of them a reader may see does, so only its own cache may keep them. */
const IMMUTABLE = {
  'cache-control': 'private, max-age=3600, immutable',
  'x-content-type-options': 'nosniff',
};
const METADATA = { 'content-type': 'application/dicom+json', 'cache-control': 'private, no-cache' };

export interface Retrieval {
  request: Request;
  url: URL;
}

export function notAcceptable(): Response {
  return json(406, { error: 'What is stored cannot be given in the form that was asked for.' });
}

/** WADO-RS instance, series and study (PS3.18 10.4): the stored bytes in the stored transfer syntax. */
export async function retrieveInstance(
  exchange: Exchange,
  reading: Reading,
  { address, request, url }: Retrieval & { address: InstanceAddress },
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, address);
  const form = formOf({ request, url }, [instance]);
  if (!form) return notAcceptable();
  await auditView(exchange, reading, instance.studyId);
  if (form === 'multipart') return multipartOf(exchange, [instance]);
  return new BytesResponse(exchange.blobs.stream(instance.blobId, instance.byteOffset, instance.byteLength), {
    status: 200,
    headers: {
      ...IMMUTABLE,
      'content-type': `application/dicom; transfer-syntax=${instance.transferSyntaxUid}`,
      'content-length': String(instance.byteLength),
      'content-disposition': 'attachment',
    },
  });
}

export async function retrieveInstances(
  exchange: Exchange,
  reading: Reading,
  {
    within,
    request,
    url,
  }: Retrieval & { within: { studyInstanceUid: string; seriesInstanceUid?: string | undefined } },
): Promise<Response> {
  const instances = await locateInstances(exchange, reading, within);
  const [first] = instances;
  if (!first || formOf({ request, url }, instances) === null) return notAcceptable();
  await auditView(exchange, reading, first.studyId);
  return multipartOf(exchange, instances);
}

function formOf(
  { request, url }: Retrieval,
  instances: readonly LocatedInstance[],
): 'single' | 'multipart' | null {
  for (const range of accepted(request, url)) {
    const forms = instances.map(({ transferSyntaxUid }) =>
      takes(range, { type: 'application/dicom', transferSyntaxUid }),
    );
    const [form] = forms;
    if (form && !forms.includes(null)) return form;
  }
  return null;
}

function multipartOf(exchange: Exchange, instances: readonly LocatedInstance[]): Response {
  const parts: Part[] = instances.map((instance) => ({
    headers: { 'Content-Type': `application/dicom; transfer-syntax=${instance.transferSyntaxUid}` },
    size: instance.byteLength,
    bytes: () => exchange.blobs.stream(instance.blobId, instance.byteOffset, instance.byteLength),
  }));
  const { contentType, size, body } = multipart('application/dicom', parts);
  return new BytesResponse(body, {
    status: 200,
    headers: { ...IMMUTABLE, 'content-type': contentType, 'content-length': String(size) },
  });
}

/** WADO-RS metadata of a series, kept ready and compressed. */
export async function retrieveSeriesMetadata(
  exchange: Exchange,
  reading: Reading,
  { within, request }: { within: { studyInstanceUid: string; seriesInstanceUid: string }; request: Request },
): Promise<Response> {
  const prepared = await seriesMetadata(exchange, reading, within);
  await auditView(exchange, reading, prepared.studyId);
  const etag = `"${prepared.seriesId}-${prepared.instances}"`;
  const headers = { ...METADATA, vary: 'Accept-Encoding', etag };
  if (request.headers.get('if-none-match') === etag) return new BytesResponse(null, { status: 304, headers });
  if (/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) {
    return new BytesResponse(prepared.body, {
      status: 200,
      headers: { ...headers, 'content-encoding': 'gzip' },
    });
  }
  return new BytesResponse(await gunzipped(prepared.body), { status: 200, headers });
}

export async function retrieveStudyMetadata(
  exchange: Exchange,
  reading: Reading,
  studyInstanceUid: string,
): Promise<Response> {
  const lists: string[] = [];
  for (const seriesInstanceUid of await seriesOfStudy(exchange, reading, studyInstanceUid)) {
    const prepared = await seriesMetadata(exchange, reading, { studyInstanceUid, seriesInstanceUid });
    await auditView(exchange, reading, prepared.studyId);
    lists.push((await gunzipped(prepared.body)).toString('utf8').slice(1, -1));
  }
  return new BytesResponse(Buffer.from(`[${lists.filter(Boolean).join(',')}]`), {
    status: 200,
    headers: METADATA,
  });
}

export async function retrieveInstanceMetadata(
  exchange: Exchange,
  reading: Reading,
  address: InstanceAddress,
): Promise<Response> {
  const { studyId, json: text } = await instanceMetadata(exchange, reading, address);
  await auditView(exchange, reading, studyId);
  return new BytesResponse(Buffer.from(`[${text}]`), { status: 200, headers: METADATA });
}
