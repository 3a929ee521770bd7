import type { FrameLayout } from '@filmpost/dicom/frames.ts';
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
import { retrieveRenderedFrames, retrieveRenderedInstance } from './rendered.ts';
import { type Retrieval, notAcceptable } from './retrieval.ts';
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
  const address = {
    studyInstanceUid: wanted('studyUID'),
    seriesInstanceUid: wanted('seriesUID'),
    sopInstanceUid: wanted('objectUID'),
  };
  const instance = await locateInstance(exchange, reading, address);
  const offers = offersOf(instance, searchParams.has('frameNumber'));
  const offer = negotiate(mediaRanges(contentType(searchParams)), offers);
  if (!offer) return notAcceptable();
  if (offer === PDF) return retrieveRenderedDocument(exchange, reading, { ...retrieval, address });
  if (offer.type === DICOM) {
    await auditView(exchange, reading, instance.studyId);
    return fileOrRefusal(() =>
      dicomFile(exchange, instance, { ...retrieval, offer: { made: false, ...offer } }),
    );
  }
  const asked = { ...retrieval, address, url: renderedUrl(retrieval.url, offer.type) };
  const list = searchParams.get('frameNumber');
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
function contentType(parameters: URLSearchParams): string {
  const types = parameters.get('contentType')?.replaceAll(' ', '+') || '*/*';
  const syntax = parameters.get('transferSyntax');
  return syntax ? types.replace(DICOM, `${DICOM};transfer-syntax=${syntax}`) : types;
}

/** The old names of what a picture is to be like (PS3.18 9.4.1.2), in the words of rendered resources (8.3.5.1). */
function renderedUrl({ href, searchParams }: URL, type: string): URL {
  const url = new URL(href);
  url.search = '';
  const value = (name: string) => searchParams.get(name);
  if (value('region'))
    throw new BadRequest('region is not supported; use a rendered resource with viewport.');
  const [columns, rows] = [value('columns') ?? value('rows'), value('rows') ?? value('columns')];
  const [center, width] = [value('windowCenter'), value('windowWidth')];
  url.searchParams.set('accept', type);
  if (columns && rows) url.searchParams.set('viewport', `${columns},${rows}`);
  if (center && width) url.searchParams.set('window', `${center},${width},linear`);
  if (value('imageQuality')) url.searchParams.set('quality', value('imageQuality') ?? '');
  return url;
}
