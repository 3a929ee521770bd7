import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse, notHere } from '../../answer.ts';
import { accepted, negotiate } from './accept.ts';
import { DESCRIBED, DESCRIBED_ALONE, typesOf } from './described.ts';
import { REVALIDATED } from './representation.ts';
import { type Retrieval, notAcceptable, originOf } from './retrieval.ts';
import type { Scope } from './target.ts';

const WADL = 'application/vnd.sun.wadl+xml';
const OFFERS = [WADL, 'application/dicom+json', 'application/json'].map((type) => ({
  type,
  multipart: false,
  transferSyntaxUid: null,
}));

interface Resource {
  path: string;
  method: 'GET' | 'POST';
  /** The transaction's name (PS3.18 table 8.9-1 and chapters 9 and 10). */
  id: string;
  answers: readonly string[];
  takes?: readonly string[];
}

const JSON_TYPES = ['application/dicom+json', 'application/json'];
const FILES = ['multipart/related; type="application/dicom"'];
const FILE = [...FILES, 'application/dicom'];
const PICTURES = ['image/jpeg', 'image/png'].flatMap((type) => [type, `multipart/related; type="${type}"`]);
const VALUES = ['multipart/related; type="application/octet-stream"', 'application/octet-stream'];

/** What this origin server does, resource by resource. */
const RESOURCES: readonly Resource[] = [
  { path: 'studies', method: 'GET', id: 'SearchForStudies', answers: typesOf(DESCRIBED) },
  { path: 'series', method: 'GET', id: 'SearchForSeries', answers: typesOf(DESCRIBED) },
  { path: 'instances', method: 'GET', id: 'SearchForInstances', answers: typesOf(DESCRIBED) },
  { path: 'studies', method: 'POST', id: 'StoreInstances', answers: JSON_TYPES, takes: FILE },
  { path: 'studies/{study}', method: 'GET', id: 'RetrieveStudy', answers: FILES },
  { path: 'studies/{study}', method: 'POST', id: 'StoreStudyInstances', answers: JSON_TYPES, takes: FILE },
  {
    path: 'studies/{study}/metadata',
    method: 'GET',
    id: 'RetrieveStudyMetadata',
    answers: typesOf(DESCRIBED),
  },
  { path: 'studies/{study}/series', method: 'GET', id: 'SearchForStudySeries', answers: typesOf(DESCRIBED) },
  {
    path: 'studies/{study}/instances',
    method: 'GET',
    id: 'SearchForStudyInstances',
    answers: typesOf(DESCRIBED),
  },
  { path: 'studies/{study}/series/{series}', method: 'GET', id: 'RetrieveSeries', answers: FILES },
  ...[
    { path: 'metadata', id: 'RetrieveSeriesMetadata', answers: typesOf(DESCRIBED) },
    { path: 'instances', id: 'SearchForStudySeriesInstances', answers: typesOf(DESCRIBED) },
    { path: 'instances/{instance}', id: 'RetrieveInstance', answers: FILE },
    {
      path: 'instances/{instance}/metadata',
      id: 'RetrieveInstanceMetadata',
      answers: typesOf(DESCRIBED_ALONE),
    },
    { path: 'instances/{instance}/frames/{frames}', id: 'RetrieveFrames', answers: VALUES },
    { path: 'instances/{instance}/bulkdata/{path}', id: 'RetrieveBulkData', answers: VALUES },
  ].map((each) => ({
    ...each,
    path: `studies/{study}/series/{series}/${each.path}`,
    method: 'GET' as const,
  })),
  ...[
    { path: '', of: 'Study' },
    { path: '/series/{series}', of: 'Series' },
    {
      path: '/series/{series}/instances/{instance}',
      of: 'Instance',
      more: ['application/pdf', 'video/mp4', 'video/mpeg'],
    },
    { path: '/series/{series}/instances/{instance}/frames/{frames}', of: 'Frames' },
  ].flatMap(({ path, of, more = [] }) => [
    renderedAt(`studies/{study}${path}/rendered`, `RetrieveRendered${of}`, more),
    renderedAt(`studies/{study}${path}/thumbnail`, `Retrieve${of}Thumbnail`),
  ]),
  {
    path: 'wado',
    method: 'GET',
    id: 'RetrieveInstanceByUri',
    answers: ['application/dicom', 'application/pdf'],
  },
];

function renderedAt(path: string, id: string, more: readonly string[] = []): Resource {
  return { path, method: 'GET', id, answers: [...PICTURES, ...more] };
}

type Asked = Retrieval & { segments: readonly string[]; scope: Scope };

/** Retrieve Capabilities (PS3.18 8.9): OPTIONS at the root of the services, or at one of their resources. */
export function retrieveCapabilities(
  exchange: Exchange,
  { request, url, root, segments, scope }: Asked,
): Response {
  const resources = RESOURCES.filter(({ method }) => method === 'GET' || scope.kind === 'machine').filter(
    ({ path }) => segments.length === 0 || isAt(path, segments),
  );
  if (resources.length === 0) return notHere();
  const offer = negotiate(accepted(request, url), OFFERS);
  if (!offer) return notAcceptable(`Capabilities are described as ${WADL} or JSON.`);
  const methods = new Set(resources.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])));
  const base = `${originOf(exchange, request)}${root}`;
  const body = offer.type === WADL ? wadl(base, resources) : JSON.stringify({ base, resources });
  return new BytesResponse(Buffer.from(body), {
    status: 200,
    headers: {
      ...REVALIDATED,
      'content-type': offer.type,
      vary: 'Accept',
      allow: [...methods, 'OPTIONS'].join(', '),
    },
  });
}

function isAt(path: string, segments: readonly string[]): boolean {
  const parts = path.split('/');
  // A bulk data path may go on into sequences.
  if (parts.length !== segments.length && !(path.endsWith('{path}') && segments.length > parts.length))
    return false;
  return parts.every((part, i) => part.startsWith('{') || part === segments[i]);
}

/** Web Application Description Language (W3C submission 2009), as PS3.18 8.9.3 has it. */
function wadl(base: string, resources: readonly Resource[]): string {
  const described = [...Map.groupBy(resources, ({ path }) => path)].map(
    ([path, methods]) => `<resource path="${xml(path)}">${methods.map(methodElement).join('')}</resource>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<application xmlns="http://wadl.dev.java.net/2009/02">',
    `<resources base="${xml(base)}/">${described.join('')}</resources>`,
    '</application>\n',
  ].join('\n');
}

function methodElement({ method, id, answers, takes = [] }: Resource): string {
  const representations = (types: readonly string[]) =>
    types.map((type) => `<representation mediaType="${xml(type)}"/>`).join('');
  const request = takes.length > 0 ? `<request>${representations(takes)}</request>` : '';
  return `<method name="${method}" id="${id}">${request}<response status="200">${representations(answers)}</response></method>`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
