import type { BulkDataLocation } from '@filmpost/dicom/json.ts';
import { DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN } from '@filmpost/dicom/transfer-syntaxes.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type Reading,
  instanceMetadata,
  locateInstance,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse, notHere } from '../../answer.ts';
import { stretchReader } from './stored-bytes.ts';

/** MIME Type of Encapsulated Document and Encapsulated Document Length (PS3.3 C.24.2). */
const DOCUMENT = '00420011';
const PDF = 'application/pdf';

/** WADO-RS bulk data (PS3.18 10.4.1.1.5): one value by the path its metadata named. */
export async function retrieveBulkData(
  exchange: Exchange,
  reading: Reading,
  { address, path }: { address: InstanceAddress; path: string },
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, address);
  const location = bulkDataAt(instance.bulkData, path);
  if (!location) return notHere();
  await auditView(exchange, reading, instance.studyId);
  const inflated = instance.transferSyntaxUid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
  const bytes = await stretchReader(exchange, instance, inflated)(location.offset, location.length);
  const type =
    path === DOCUMENT && bytes.subarray(0, 5).toString('latin1') === '%PDF-'
      ? PDF
      : 'application/octet-stream';
  return documentResponse(bytes, type);
}

/** What a viewer shows in place of an image: an encapsulated PDF (PS3.18 10.4.1.1.6 rendered). */
export async function retrieveRenderedDocument(
  exchange: Exchange,
  reading: Reading,
  address: InstanceAddress,
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, address);
  if (bulkDataAt(instance.bulkData, DOCUMENT))
    return retrieveBulkData(exchange, reading, { address, path: DOCUMENT });
  // Short documents stand in the metadata itself.
  const { studyId, json } = await instanceMetadata(exchange, reading, address);
  const inline: unknown = JSON.parse(json)[DOCUMENT]?.InlineBinary;
  if (typeof inline !== 'string') return notHere();
  await auditView(exchange, reading, studyId);
  return documentResponse(Buffer.from(inline, 'base64'), PDF);
}

/**
 * A document inside an instance is a stranger's: it may be looked at and may do nothing (threats T7). Browsers show no
 * PDF in a sandbox; their own PDF viewers are one.
 */
function documentResponse(bytes: Buffer, type: string): Response {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'";
  return new BytesResponse(bytes, {
    status: 200,
    headers: {
      'content-type': type,
      'cache-control': 'private, max-age=3600, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': type === PDF ? policy : `${policy}; sandbox`,
    },
  });
}

function bulkDataAt(stored: unknown, path: string): BulkDataLocation | null {
  // The column holds what the head reader gave at ingest.
  const locations = (stored ?? []) as BulkDataLocation[];
  return locations.find((location) => location.path.toUpperCase() === path.toUpperCase()) ?? null;
}
