import { EXPLICIT_VR_LITTLE_ENDIAN } from '@filmpost/dicom/transfer-syntaxes.ts';
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
import { explicitFile, whenFree } from '@filmpost/exchange/archive/explicit/queries.ts';
import { mayBeExplicit } from '@filmpost/exchange/archive/explicit/rules.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { NoPicture } from '@filmpost/imaging/rendering.ts';
import { BytesResponse } from '../../answer.ts';
import { type Asking, hasAlready } from '../byte-range.ts';
import { type Offer, accepted, negotiate } from './accept.ts';
import { type Part, multipart } from './multipart-writer.ts';
import { noPictureResponse } from './no-picture.ts';
import { REVALIDATED, represent } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';

const DICOM = 'application/dicom';
const SEVERAL =
  'Several instances travel as multipart/related; type="application/dicom", each in the transfer syntax stored or, where that can be made, in 1.2.840.10008.1.2.1.';
const AS_STORED = 'Ask for transfer-syntax=* to be given it as it is stored.';

/** A file as it is stored, or one that is made of it. */
export interface FileOffer extends Offer {
  made: boolean;
}

/** WADO-RS instance (PS3.18 10.4.1.1.1): the stored bytes, or made ones where another transfer syntax is asked for. */
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
  const chosen = chosenOffers(located, () => true);
  const [first] = chosen ?? [];
  if (!chosen || !first) return notAcceptable(located.instances.length > 1 ? SEVERAL : undefined);
  await auditView(exchange, reading, first.instance.studyId);
  try {
    return await filesResponse(exchange, { ...located, chosen });
  } catch (error) {
    if (!(error instanceof NoPicture)) throw error;
    // What cannot be made may be taken as it is stored, too.
    const stored = error.reason === 'busy' ? null : chosenOffers(located, ({ made }) => !made);
    return stored
      ? filesResponse(exchange, { ...located, chosen: stored })
      : noPictureResponse(error, AS_STORED);
  }
}

interface Chosen {
  instance: LocatedInstance;
  offer: FileOffer;
}

/** The best accepted form of each instance; null where one has none. */
function chosenOffers(
  { instances, request, url }: Located,
  may: (offer: FileOffer) => boolean,
): Chosen[] | null {
  const ranges = accepted(request, url);
  const forms = instances.length === 1 ? [true, false] : [true];
  const chosen: Chosen[] = [];
  for (const instance of instances) {
    const offers = forms.flatMap((multipart) => fileOffers(instance, multipart));
    const offer = negotiate(ranges, offers.filter(may));
    if (!offer) return null;
    chosen.push({ instance, offer });
  }
  return chosen;
}

/** @throws NoPicture */
function filesResponse(
  exchange: Exchange,
  { chosen, ...located }: Located & { chosen: readonly Chosen[] },
): Response | Promise<Response> {
  const [first] = chosen;
  return first && !first.offer.multipart
    ? dicomFile(exchange, first.instance, { request: located.request, offer: first.offer })
    : multipartOf(exchange, { ...located, chosen });
}

/**
 * Multipart is what a client gets that does not care (PS3.18 8.7.3.1); a single part holds a single instance. Explicit
 * VR Little Endian is made only for whoever names it.
 */
export function fileOffers(instance: LocatedInstance, multipart: boolean): FileOffer[] {
  const { transferSyntaxUid } = instance;
  const stored = { type: DICOM, transferSyntaxUid, multipart, made: false };
  if (!mayBeExplicit(instance)) return [stored];
  return [stored, { ...stored, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN, onlyByName: true, made: true }];
}

/** What is given, or in a sentence why it cannot be made. */
export async function fileOrRefusal(give: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await give();
  } catch (error) {
    if (error instanceof NoPicture) return noPictureResponse(error, AS_STORED);
    throw error;
  }
}

/** One instance as a DICOM file (PS3.10). @throws NoPicture where one cannot be made */
export function dicomFile(
  exchange: Exchange,
  instance: LocatedInstance,
  { request, offer }: { request: Asking; offer: FileOffer },
): Response | Promise<Response> {
  if (offer.made) return madeFile(exchange, instance, request);
  return represent(request, {
    contentType: typeOf(offer),
    etag: `"${instance.id}"`,
    size: servedLength(instance),
    bytes: (stretch) => servedBytes(exchange, instance, stretch),
    headers: ATTACHED,
  });
}

const ATTACHED = { 'content-disposition': 'attachment' };
const typeOf = ({ transferSyntaxUid }: FileOffer) => `${DICOM}; transfer-syntax=${transferSyntaxUid}`;

/** No ranges of what is made anew each time, and only a weak name: another decoder may give other bytes. */
async function madeFile(exchange: Exchange, instance: LocatedInstance, request: Asking): Promise<Response> {
  const headers = { ...REVALIDATED, vary: 'Accept', etag: `W/"${instance.id}.explicit"`, ...ATTACHED };
  if (hasAlready(request, headers.etag)) return new BytesResponse(null, { status: 304, headers });
  const { size, bytes } = await explicitFile(exchange, instance);
  const contentType = `${DICOM}; transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`;
  const described = { 'content-type': contentType, 'content-length': String(size) };
  return new BytesResponse(bytes(), { status: 200, headers: { ...headers, ...described } });
}

/** What is made is made as it leaves, the first before anything is said, so that a refusal can be told. */
async function multipartOf(
  exchange: Exchange,
  { chosen, ...retrieval }: Located & { chosen: readonly Chosen[] },
): Promise<Response> {
  const first = chosen.find(({ offer }) => offer.made);
  const ready = first && (await explicitFile(exchange, first.instance));
  const parts: Part[] = chosen.map((each) => ({
    headers: {
      'Content-Type': typeOf(each.offer),
      'Content-Location': addressOf(exchange, retrieval, each.instance),
    },
    ...(each === first && ready ? ready : partOf(exchange, each)),
  }));
  const { contentType, size, body } = multipart(DICOM, parts);
  const length: Record<string, string> = size === null ? {} : { 'content-length': String(size) };
  return new BytesResponse(body, {
    status: 200,
    headers: { ...REVALIDATED, vary: 'Accept', 'content-type': contentType, ...length },
  });
}

function partOf(exchange: Exchange, { instance, offer }: Chosen): Pick<Part, 'size' | 'bytes'> {
  const size = servedLength(instance);
  if (!offer.made) return { size, bytes: () => servedBytes(exchange, instance, { offset: 0, length: size }) };
  return {
    size: null,
    async *bytes() {
      yield* (await whenFree(() => explicitFile(exchange, instance))).bytes();
    },
  };
}
