import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  locateInstance,
  locateInstances,
  servedBytes,
} from '@filmpost/exchange/archive/reading/queries.ts';
import { servedLength } from '@filmpost/exchange/archive/reading/rules.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse } from '../../answer.ts';
import type { Asking } from '../byte-range.ts';
import { type Offer, accepted, negotiate } from './accept.ts';
import { type Part, multipart } from './multipart-writer.ts';
import { REVALIDATED, represent } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';

const DICOM = 'application/dicom';
const SEVERAL =
  'Several instances travel as multipart/related; type="application/dicom", in the transfer syntax stored.';

/** WADO-RS instance (PS3.18 10.4.1.1.1): the stored bytes in the stored transfer syntax. */
export async function retrieveInstance(
  exchange: Exchange,
  reading: Reading,
  { address, ...retrieval }: Retrieval & { address: InstanceAddress },
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, address);
  return instancesResponse(exchange, reading, { ...retrieval, instances: [instance] });
}

/** WADO-RS study and series: every instance a part, in reading order. */
export async function retrieveInstances(
  exchange: Exchange,
  reading: Reading,
  {
    within,
    ...retrieval
  }: Retrieval & { within: { studyInstanceUid: string; seriesInstanceUid?: string | undefined } },
): Promise<Response> {
  const instances = await locateInstances(exchange, reading, within);
  return instancesResponse(exchange, reading, { ...retrieval, instances });
}

type Located = Retrieval & { instances: LocatedInstance[] };

async function instancesResponse(exchange: Exchange, reading: Reading, located: Located): Promise<Response> {
  const { instances, request, url } = located;
  const [first] = instances;
  const offer = negotiate(accepted(request, url), offersOf(instances));
  if (!first || !offer) return notAcceptable(instances.length > 1 ? SEVERAL : undefined);
  await auditView(exchange, reading, first.studyId);
  return offer.multipart ? multipartOf(exchange, located) : dicomFile(exchange, first, request);
}

/** Multipart is what a client gets that does not care (PS3.18 8.7.3.1); a single part holds a single instance. */
function offersOf(instances: readonly LocatedInstance[]): Offer[] {
  const syntaxes = new Set(instances.map(({ transferSyntaxUid }) => transferSyntaxUid));
  const [only = ''] = syntaxes;
  // Of a mixture no single transfer syntax can be asked for by name.
  const offer = { type: DICOM, transferSyntaxUid: syntaxes.size === 1 ? only : '' };
  return [{ ...offer, multipart: true }, ...(instances.length === 1 ? [{ ...offer, multipart: false }] : [])];
}

/** One instance as a DICOM file (PS3.10). */
export function dicomFile(exchange: Exchange, instance: LocatedInstance, request: Asking): Response {
  return represent(request, {
    contentType: `${DICOM}; transfer-syntax=${instance.transferSyntaxUid}`,
    etag: `"${instance.id}"`,
    size: servedLength(instance),
    bytes: (stretch) => servedBytes(exchange, instance, stretch),
    headers: { 'content-disposition': 'attachment' },
  });
}

function multipartOf(exchange: Exchange, { instances, ...retrieval }: Located): Response {
  const parts: Part[] = instances.map((instance) => ({
    headers: {
      'Content-Type': `${DICOM}; transfer-syntax=${instance.transferSyntaxUid}`,
      'Content-Location': addressOf(exchange, retrieval, instance),
    },
    size: servedLength(instance),
    bytes: () => servedBytes(exchange, instance, { offset: 0, length: servedLength(instance) }),
  }));
  const { contentType, size, body } = multipart(DICOM, parts);
  return new BytesResponse(body, {
    status: 200,
    headers: { ...REVALIDATED, vary: 'Accept', 'content-type': contentType, 'content-length': String(size) },
  });
}
