import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Level } from '@filmpost/exchange/archive/search/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { json, notHere } from '../../answer.ts';
import { deadKey, hasDeadKey } from '../dead-key.ts';
import type { Knock } from '../../knock.ts';
import { admitReader } from './admission.ts';
import { BadRequest } from './bad-request.ts';
import { retrieveBulkData } from './bulkdata.ts';
import { retrieveCapabilities } from './capabilities.ts';
import { retrieveFrames } from './frames.ts';
import { retrieveInstanceMetadata, retrieveSeriesMetadata, retrieveStudyMetadata } from './metadata.ts';
import { searchFor } from './qido.ts';
import { retrieveRendered } from './rendered-routes.ts';
import type { Retrieval } from './retrieval.ts';
import type { StoreLimits } from './store-body.ts';
import { storeInstances } from './stow.ts';
import { type Target, targetOf } from './target.ts';
import { retrieveByUri } from './wado-uri.ts';
import { retrieveInstance, retrieveInstances } from './wado.ts';

const NO_LIMITS: StoreLimits = { bodyBytes: Infinity, instanceBytes: Infinity };

/** NUL, which PostgreSQL's text does not hold, and what is no percent-encoding (RFC 3986 2.1). */
const MALFORMED = /%00|%(?![0-9a-f]{2})/i;

/**
 * `/dicomweb/studies…` for a machine with its facility's key, `/dicomweb/s/<share>/studies…` for the recipient of a
 * share, `/dicomweb/f/<facility>/studies…` for that facility's staff. Outside its scope a reader finds nothing.
 */
export async function dicomweb(
  exchange: Exchange,
  knock: Knock,
  limits: StoreLimits = NO_LIMITS,
): Promise<Response> {
  const target = targetOf(knock.url.pathname);
  if (!target) return notHere();
  if (MALFORMED.test(knock.url.search)) {
    return json(400, {
      error: 'A question holds no NUL, and a percent sign only before two hexadecimal digits.',
    });
  }
  try {
    const response = await answer(exchange, knock, { target, limits });
    // Where browsers read, a shared computer must keep nothing of a patient, not even a copy to ask about (T21).
    if (target.scope.kind !== 'machine') response.headers.set('cache-control', 'private, no-store');
    return response;
  } catch (error) {
    if (error instanceof BadRequest) return json(400, { error: error.message });
    throw error;
  }
}

async function answer(
  exchange: Exchange,
  knock: Knock,
  { target, limits }: { target: Target; limits: StoreLimits },
): Promise<Response> {
  const { method, headers, url, visitor } = knock;
  const request = { method, headers };
  const { scope, root, segments } = target;
  const [service = ''] = segments;
  if (method === 'OPTIONS') return retrieveCapabilities(exchange, { request, url, root, segments, scope });
  if (hasDeadKey(knock)) return deadKey();
  const isAlone = ['series', 'instances', 'wado'].includes(service) && segments.length === 1;
  if (service !== 'studies' && !isAlone) return notHere();
  const allowed = methodsAt(target);
  if (!allowed.includes(method)) {
    const sentence =
      method === 'POST'
        ? 'Images are stored at /dicomweb/studies with a device key.'
        : `Use ${allowed.join(', ')}.`;
    return json(405, { error: sentence }, { allow: allowed.join(', ') });
  }
  if (method === 'POST') {
    const granted = await admit(exchange, visitor, { capability: 'archive:store', subject: {} });
    return storeInstances(exchange, granted, { knock, studyInstanceUid: segments[1] ?? null, limits });
  }
  const reading = await admitReader(exchange, visitor, scope);
  const retrieval = { request, url, root };
  if (service === 'wado') return retrieveByUri(exchange, reading, retrieval);
  return read(exchange, reading, { ...retrieval, segments });
}

/** STOW-RS is a machine's, at the studies or at one study (PS3.18 10.5.1). */
export function methodsAt({ scope, segments }: Pick<Target, 'scope' | 'segments'>): string[] {
  const stores = scope.kind === 'machine' && segments[0] === 'studies' && segments.length <= 2;
  return ['GET', 'HEAD', ...(stores ? ['POST'] : []), 'OPTIONS'];
}

type Asked = Retrieval & { segments: string[] };

/** The resources of PS3.18 10.4 and 10.6, by the shape of their path. */
async function read(
  exchange: Exchange,
  reading: Reading,
  { segments, ...retrieval }: Asked,
): Promise<Response> {
  const [service, studyInstanceUid, ...below] = segments;
  const searchBelow = (level: Level) =>
    searchFor(exchange, reading, { ...retrieval, place: { level, studyInstanceUid } });
  if (service === 'series') return searchBelow('series');
  if (service === 'instances') return searchBelow('instance');
  if (studyInstanceUid === undefined) return searchBelow('study');
  const rendered = retrieveRendered(exchange, reading, { studyInstanceUid, below, ...retrieval });
  if (rendered) return rendered;
  const [second, seriesInstanceUid] = below;
  switch (`${second ?? ''} ${below.length}`) {
    case ' 0':
      return retrieveInstances(exchange, reading, { within: { studyInstanceUid }, ...retrieval });
    case 'metadata 1':
      return retrieveStudyMetadata(exchange, reading, { studyInstanceUid, ...retrieval });
    case 'series 1':
      return searchBelow('series');
    case 'instances 1':
      return searchBelow('instance');
  }
  if (second !== 'series' || seriesInstanceUid === undefined) return notHere();
  const within = { studyInstanceUid, seriesInstanceUid };
  return readSeries(exchange, reading, { ...retrieval, within, segments: below.slice(2) });
}

async function readSeries(
  exchange: Exchange,
  reading: Reading,
  {
    within,
    segments,
    ...retrieval
  }: Asked & { within: { studyInstanceUid: string; seriesInstanceUid: string } },
): Promise<Response> {
  const [resource, sopInstanceUid, part, ...rest] = segments;
  if (resource === undefined) return retrieveInstances(exchange, reading, { within, ...retrieval });
  if (resource === 'metadata' && segments.length === 1)
    return retrieveSeriesMetadata(exchange, reading, { within, ...retrieval });
  if (resource !== 'instances') return notHere();
  if (sopInstanceUid === undefined) {
    return searchFor(exchange, reading, { ...retrieval, place: { level: 'instance', ...within } });
  }
  const asked = { ...retrieval, address: { ...within, sopInstanceUid } };
  if (part === undefined) return retrieveInstance(exchange, reading, asked);
  if (part === 'metadata' && rest.length === 0) return retrieveInstanceMetadata(exchange, reading, asked);
  if (part === 'frames' && rest.length === 1) {
    return retrieveFrames(exchange, reading, { ...asked, list: rest[0] ?? '' });
  }
  if (part === 'bulkdata' && rest.length > 0) {
    return retrieveBulkData(exchange, reading, { ...asked, path: rest.join('/') });
  }
  return notHere();
}
