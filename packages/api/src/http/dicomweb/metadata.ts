import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type PreparedMetadata,
  type Reading,
  instanceMetadata,
  seriesMetadata,
  seriesOfStudy,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse } from '../../answer.ts';
import { hasAlready } from '../byte-range.ts';
import { Moment } from '../moment.ts';
import { type Offer, accepted, negotiate } from './accept.ts';
import { DESCRIBED, DESCRIBED_ALONE, ONLY_DESCRIBED, XML, xmlAlone, xmlParts } from './described.ts';
import { reachOf } from './locating.ts';
import { REVALIDATED } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';

const gunzipped = promisify(gunzip);
const gzipped = promisify(gzip);

/** How the `BulkDataURI`s of prepared metadata begin: relative to the series (see packages/dicom/src/json.ts). */
const RELATIVE = '"BulkDataURI":"instances/';

/** Metadata as it may be sent: what names this version, and its text, compressed or not. */
interface Described {
  etag: string;
  compressed(): Promise<Buffer>;
  plain(): Promise<Buffer>;
}

interface DescribedSeries extends Described {
  studyId: string;
}

/** While a viewer opens an exam it asks for the same series again and again; bytes of a hundred are at hand. */
const lately = new Moment<DescribedSeries>({ ms: 1_000, most: 100 });

type WithinSeries = { studyInstanceUid: string; seriesInstanceUid: string };

/** WADO-RS metadata of a series (PS3.18 10.4.1.1.2), kept ready and compressed. */
export async function retrieveSeriesMetadata(
  exchange: Exchange,
  reading: Reading,
  { within, ...retrieval }: Retrieval & { within: WithinSeries },
): Promise<Response> {
  const base = isMachine(reading) ? `${addressOf(exchange, retrieval, within)}/` : '';
  const described = await lately.recall(
    `${reachOf(reading)} ${base} ${within.studyInstanceUid} ${within.seriesInstanceUid}`,
    async () => describedSeries(await seriesMetadata(exchange, reading, within), base),
  );
  await auditView(exchange, reading, described.studyId);
  return describedResponse(retrieval, described);
}

/** Prepared metadata with whole addresses, by what it is made of, so that it never is out of date. */
const inFull = new Moment<Buffer>({ ms: 60_000, most: 20 });

async function withAddresses(body: Buffer, base: string): Promise<Buffer> {
  const text = await textOf(body);
  return text.includes(RELATIVE) ? gzipped(withBase(text, base)) : body;
}

async function describedSeries({ studyId, body }: PreparedMetadata, base: string): Promise<DescribedSeries> {
  const etag = digest([body, base]);
  const compressed = base ? await inFull.recall(etag, () => withAddresses(body, base)) : body;
  return {
    studyId,
    etag,
    compressed: () => Promise.resolve(compressed),
    plain: () => gunzipped(compressed),
  };
}

export async function retrieveStudyMetadata(
  exchange: Exchange,
  reading: Reading,
  { studyInstanceUid, ...retrieval }: Retrieval & { studyInstanceUid: string },
): Promise<Response> {
  const series: { body: Buffer; base: string }[] = [];
  for (const seriesInstanceUid of await seriesOfStudy(exchange, reading, studyInstanceUid)) {
    const within = { studyInstanceUid, seriesInstanceUid };
    const { studyId, body } = await seriesMetadata(exchange, reading, within);
    await auditView(exchange, reading, studyId);
    series.push({ body, base: `${addressOf(exchange, retrieval, within)}/` });
  }
  const plain = async () => {
    const lists: string[] = [];
    for (const { body, base } of series) lists.push(withBase(await textOf(body), base).slice(1, -1));
    return Buffer.from(`[${lists.filter(Boolean).join(',')}]`);
  };
  const etag = digest(series.flatMap(({ body, base }) => [body, base]));
  return describedResponse(retrieval, { etag, plain, compressed: async () => gzipped(await plain()) });
}

export async function retrieveInstanceMetadata(
  exchange: Exchange,
  reading: Reading,
  { address, ...retrieval }: Retrieval & { address: InstanceAddress },
): Promise<Response> {
  const { studyId, json: text } = await instanceMetadata(exchange, reading, address);
  await auditView(exchange, reading, studyId);
  const { studyInstanceUid, seriesInstanceUid } = address;
  const base = `${addressOf(exchange, retrieval, { studyInstanceUid, seriesInstanceUid })}/`;
  const bytes = Buffer.from(withBase(`[${text}]`, base));
  const described = {
    etag: digest([bytes]),
    plain: () => Promise.resolve(bytes),
    compressed: () => gzipped(bytes),
  };
  return describedResponse(retrieval, described, DESCRIBED_ALONE);
}

async function describedResponse(
  { request, url }: Retrieval,
  described: Described,
  offers: readonly Offer[] = DESCRIBED,
): Promise<Response> {
  const offer = negotiate(accepted(request, url), offers);
  if (!offer) return notAcceptable(ONLY_DESCRIBED);
  const headers = {
    ...REVALIDATED,
    'content-type': offer.type,
    vary: 'Accept, Accept-Encoding',
    // Weak names may be the same for two wordings of one thing, but these are read by different programs.
    etag: offer.type === XML ? described.etag.replace(/"$/, '.xml"') : described.etag,
  };
  if (hasAlready(request, headers.etag)) return new BytesResponse(null, { status: 304, headers });
  if (offer.type === XML) return xmlResponse(await described.plain(), offer, headers);
  if (/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.headers.get('accept-encoding') ?? '')) {
    return new BytesResponse(await described.compressed(), {
      status: 200,
      headers: { ...headers, 'content-encoding': 'gzip' },
    });
  }
  return new BytesResponse(await described.plain(), { status: 200, headers });
}

function xmlResponse(json: Buffer, { multipart }: Offer, headers: Record<string, string>): Response {
  if (!multipart) return new BytesResponse(xmlAlone(json), { status: 200, headers });
  const { contentType, body } = xmlParts(json);
  return new BytesResponse(body, { status: 200, headers: { ...headers, 'content-type': contentType } });
}

/**
 * Our viewer resolves relative `BulkDataURI`s below its share or facility, so that prepared metadata serves them all
 * as it is. Other clients follow the address as it stands: they are given whole ones.
 */
function isMachine(reading: Reading): boolean {
  return reading.actor.kind === 'device';
}

async function textOf(body: Buffer): Promise<string> {
  return (await gunzipped(body)).toString('utf8');
}

/** Quotes within a JSON text are escaped, so this finds members and never a part of a value. */
function withBase(text: string, base: string): string {
  return base
    ? text.replaceAll(RELATIVE, `"BulkDataURI":${JSON.stringify(base).slice(0, -1)}instances/`)
    : text;
}

/** Weak, as the same text travels compressed or not (RFC 9110 8.8.1). */
function digest(of: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const each of of) hash.update(each);
  return `W/"${hash.digest('base64url').slice(0, 22)}"`;
}
