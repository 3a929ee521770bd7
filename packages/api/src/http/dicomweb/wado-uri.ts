import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import { type Reading, locateInstance } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { mediaRanges, negotiate } from './accept.ts';
import { BadRequest } from './bad-request.ts';
import { retrieveRenderedDocument } from './bulkdata.ts';
import { type Retrieval, notAcceptable } from './retrieval.ts';
import { dicomFile } from './wado.ts';

const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';
const DICOM = 'application/dicom';

/**
 * WADO-URI (PS3.18 9.4): one instance by the UIDs in the query, for clients older than WADO-RS. It is given as it is
 * stored, or as the document it holds.
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
  const pdf = { type: 'application/pdf', multipart: false, transferSyntaxUid: null };
  const file = { type: DICOM, multipart: false, transferSyntaxUid: instance.transferSyntaxUid };
  const offers = instance.sopClassUid === ENCAPSULATED_PDF ? [pdf, file] : [file];
  const offer = negotiate(mediaRanges(contentType(searchParams)), offers);
  if (!offer) return notAcceptable();
  if (offer === pdf) return retrieveRenderedDocument(exchange, reading, { ...retrieval, address });
  await auditView(exchange, reading, instance.studyId);
  return dicomFile(exchange, instance, retrieval.request);
}

/** Acceptable types; the transfer syntax stands beside them here, and is a matter of DICOM files alone. */
function contentType(parameters: URLSearchParams): string {
  const types = parameters.get('contentType')?.replaceAll(' ', '+') || '*/*';
  const syntax = parameters.get('transferSyntax');
  return syntax ? types.replace(DICOM, `${DICOM};transfer-syntax=${syntax}`) : types;
}
