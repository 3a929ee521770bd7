import type { FrameLayout } from '@filmpost/dicom/frames.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type LocatedInstance,
  type Reading,
  locateInstance,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { type Offer, mediaRanges, negotiate } from './accept.ts';
import { BadRequest } from './bad-request.ts';
import { retrieveRenderedDocument } from './bulkdata.ts';
import { frameNumbers } from './frames.ts';
import { retrieveRenderedFrames, retrieveRenderedInstance } from './rendered.ts';
import { type Retrieval, notAcceptable } from './retrieval.ts';
import { headOf } from './stored-bytes.ts';
import { type Size, renderedUrl } from './wado-uri-picture.ts';
import { dicomFile, fileOffers, fileOrRefusal } from './wado.ts';

const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';
const DICOM = 'application/dicom';
const PDF = { type: 'application/pdf', multipart: false, transferSyntaxUid: null };
const PICTURES = ['image/jpeg', 'image/png'].map((type) => ({
  type,
  multipart: false,
  transferSyntaxUid: null,
}));

/**
 * WADO-URI (PS3.18 9.4): one instance by the UIDs in the query, for clients older than WADO-RS. It is given as it is
 * stored, in Explicit VR Little Endian where that is asked for, as a picture, or as the document it holds.
 *
 * @throws BadRequest for a question that is none
 */
export async function retrieveByUri(
  exchange: Exchange,
  reading: Reading,
  retrieval: Retrieval,
): Promise<Response> {
  const { searchParams } = retrieval.url;
  const wanted = (name: string): string => {
    const value = searchParams.get(name);
    if (!value) throw new BadRequest(`WADO-URI needs ${name} (PS3.18 9.4.1).`);
    return value;
  };
  if (wanted('requestType').toUpperCase() !== 'WADO') throw new BadRequest('Send requestType=WADO.');
  if (searchParams.get('anonymize') === 'yes') throw new BadRequest('Nothing is anonymized here.');
  // A picture without it would be taken for the one that was asked for.
  if (searchParams.has('presentationUID')) throw new BadRequest('Presentation states are not applied here.');
  const address = {
    studyInstanceUid: wanted('studyUID'),
    seriesInstanceUid: wanted('seriesUID'),
    sopInstanceUid: wanted('objectUID'),
  };
  const instance = await locateInstance(exchange, reading, address);
  const list = searchParams.get('frameNumber');
  if (list !== null && frameNumbers(list).length > 1) throw new BadRequest('WADO-URI gives one frame.');
  const offers = offersOf(instance, list !== null);
  const offer = negotiate(mediaRanges(contentType(retrieval)), offers);
  if (!offer) return notAcceptable();
  const url = () =>
    renderedUrl(retrieval.url, { type: offer.type, sizeOf: () => sizeOf(exchange, instance) });
  if (offer === PDF)
    return retrieveRenderedDocument(exchange, reading, { ...retrieval, address, url: await url() });
  if (offer.type === DICOM) {
    await auditView(exchange, reading, instance.studyId);
    return fileOrRefusal(() =>
      dicomFile(exchange, instance, { ...retrieval, offer: { made: false, ...offer } }),
    );
  }
  const asked = { ...retrieval, address, url: await url() };
  return list === null
    ? retrieveRenderedInstance(exchange, reading, asked)
    : retrieveRenderedFrames(exchange, reading, { ...asked, list });
}

/** By category (PS3.18 9.4.3): a document, a single picture, and everything else as the file it is. */
function offersOf(instance: LocatedInstance, oneFrame: boolean): (Offer & { made?: boolean })[] {
  const file = fileOffers(instance, false);
  if (instance.sopClassUid === ENCAPSULATED_PDF) return [PDF, ...file];
  // The column holds what frameLayout gave at ingest.
  const layout = instance.frameLayout as FrameLayout | null;
  if (!layout || layout.kind === 'none' || layout.kind === 'video') return file;
  if (oneFrame) return PICTURES;
  return layout.frames === 1 ? [...PICTURES, ...file] : [...file, ...PICTURES];
}

/** Acceptable types; the transfer syntax stands beside them here, and is a matter of DICOM files alone. */
function contentType({ request, url: { searchParams } }: Retrieval): string {
  const asked = searchParams.get('contentType')?.replaceAll(' ', '+');
  const types = asked || request.headers.get('accept') || '*/*';
  const syntax = searchParams.get('transferSyntax');
  return syntax ? types.replace(DICOM, `${DICOM};transfer-syntax=${syntax}`) : types;
}

async function sizeOf(exchange: Exchange, instance: LocatedInstance): Promise<Size> {
  const { attributes } = await headOf(exchange, instance);
  return { width: attributes.number(Tag.columns) ?? 0, height: attributes.number(Tag.rows) ?? 0 };
}
