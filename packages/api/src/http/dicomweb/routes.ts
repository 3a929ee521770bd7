import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import type { Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { json, notHere } from '../../answer.ts';
import type { Knock } from '../../knock.ts';
import { BadRequest } from './bad-request.ts';
import { retrieveBulkData, retrieveRenderedDocument } from './bulkdata.ts';
import { retrieveFrames } from './frames.ts';
import { searchForInstances, searchForSeries, searchForStudies } from './qido.ts';
import { storeInstances } from './stow.ts';
import {
  retrieveInstance,
  retrieveInstanceMetadata,
  retrieveInstances,
  retrieveSeriesMetadata,
  retrieveStudyMetadata,
} from './wado.ts';

/** Path of a request within its root: the reader's scope, then the DICOMweb resource. */
interface Target {
  scope: { kind: 'machine' } | { kind: 'share'; shareId: string } | { kind: 'facility'; facility: string };
  segments: string[];
}

/**
 * `/dicomweb/studies…` for a machine with its facility's key, `/dicomweb/s/<share>/studies…` for the recipient of a
 * share, `/dicomweb/f/<facility>/studies…` for that facility's staff. Outside its scope a reader finds nothing.
 */
export async function dicomweb(exchange: Exchange, knock: Knock): Promise<Response> {
  const target = targetOf(knock.url.pathname);
  if (!target || target.segments[0] !== 'studies') return notHere();
  if (knock.url.search.includes('%00')) return json(400, { error: 'A question holds no NUL.' });
  try {
    if (knock.request.method === 'POST') return await store(exchange, knock, target);
    if (knock.request.method !== 'GET' && knock.request.method !== 'HEAD') {
      return json(405, { error: 'Use GET, HEAD or POST.' }, { allow: 'GET, HEAD, POST' });
    }
    const reading = await admitReader(exchange, knock.visitor, target.scope);
    return await read(exchange, reading, { knock, segments: target.segments });
  } catch (error) {
    if (error instanceof BadRequest) return json(400, { error: error.message });
    throw error;
  }
}

function targetOf(pathname: string): Target | null {
  let parts: string[];
  try {
    parts = pathname.split('/').slice(2).map(decodeURIComponent);
  } catch {
    return null;
  }
  // PostgreSQL's text holds no NUL, so nothing has such a name.
  if (parts.some((part) => part.includes('\0'))) return null;
  if (parts.at(-1) === '') parts.pop();
  const [first, second = '', ...rest] = parts;
  if (first === 's') return { scope: { kind: 'share', shareId: second }, segments: rest };
  if (first === 'f') return { scope: { kind: 'facility', facility: second }, segments: rest };
  return { scope: { kind: 'machine' }, segments: parts };
}

async function admitReader(exchange: Exchange, visitor: Visitor, scope: Target['scope']): Promise<Reading> {
  if (scope.kind === 'share') {
    return admit(exchange, visitor, { capability: 'share:view', subject: { shareId: scope.shareId } });
  }
  const facility = scope.kind === 'facility' ? scope.facility : null;
  return admit(exchange, visitor, { capability: 'archive:read', subject: { facility } });
}

async function store(exchange: Exchange, knock: Knock, { scope, segments }: Target): Promise<Response> {
  if (scope.kind !== 'machine' || segments.length > 2) {
    return json(
      405,
      { error: 'Images are stored at /dicomweb/studies with a device key.' },
      { allow: 'GET, HEAD' },
    );
  }
  const granted = await admit(exchange, knock.visitor, { capability: 'archive:store', subject: {} });
  return storeInstances(exchange, granted, { knock, studyInstanceUid: segments[1] ?? null });
}

type Asked = { knock: Knock; segments: string[] };

/** The resources of PS3.18 10.4 and 10.6, by the shape of their path. */
async function read(exchange: Exchange, reading: Reading, { knock, segments }: Asked): Promise<Response> {
  const { url, request } = knock;
  const [, studyInstanceUid, ...below] = segments;
  if (studyInstanceUid === undefined) return searchForStudies(exchange, reading, url);
  const [second, seriesInstanceUid] = below;
  switch (`${second ?? ''} ${below.length}`) {
    case ' 0':
      return retrieveInstances(exchange, reading, { within: { studyInstanceUid }, request, url });
    case 'metadata 1':
      return retrieveStudyMetadata(exchange, reading, studyInstanceUid);
    case 'series 1':
      return searchForSeries(exchange, reading, { url, studyInstanceUid });
    case 'instances 1':
      return searchForInstances(exchange, reading, { url, studyInstanceUid });
  }
  if (second !== 'series' || seriesInstanceUid === undefined) return notHere();
  const within = { studyInstanceUid, seriesInstanceUid };
  return readSeries(exchange, reading, { knock, within, segments: below.slice(2) });
}

async function readSeries(
  exchange: Exchange,
  reading: Reading,
  { knock, within, segments }: Asked & { within: { studyInstanceUid: string; seriesInstanceUid: string } },
): Promise<Response> {
  const { url, request } = knock;
  const [resource, sopInstanceUid, part, ...rest] = segments;
  if (resource === undefined) return retrieveInstances(exchange, reading, { within, request, url });
  if (resource === 'metadata' && segments.length === 1)
    return retrieveSeriesMetadata(exchange, reading, { within, request });
  if (resource !== 'instances') return notHere();
  if (sopInstanceUid === undefined) return searchForInstances(exchange, reading, { url, ...within });
  const address = { ...within, sopInstanceUid };
  if (part === undefined) return retrieveInstance(exchange, reading, { address, request, url });
  if (part === 'metadata') return retrieveInstanceMetadata(exchange, reading, address);
  if (part === 'frames' && rest.length === 1) {
    return retrieveFrames(exchange, reading, { address, list: rest[0] ?? '', request, url });
  }
  if (part === 'bulkdata' && rest.length > 0) {
    return retrieveBulkData(exchange, reading, { address, path: rest.join('/') });
  }
  return part === 'rendered' && rest.length === 0
    ? retrieveRenderedDocument(exchange, reading, address)
    : notHere();
}
