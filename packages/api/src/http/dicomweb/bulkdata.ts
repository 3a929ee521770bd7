import type { BulkDataLocation } from '@filmpost/dicom/json.ts';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
} from '@filmpost/dicom/transfer-syntaxes.ts';
import { NUMBER_SIZE, vrCode } from '@filmpost/dicom/vr.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  instanceMetadata,
  locateInstance,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { notHere } from '../../answer.ts';
import { accepted, negotiate } from './accept.ts';
import { retrievePixelData } from './pixel-data.ts';
import { type Representation, asPart, represent } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';
import { joinedSegments, readSegments } from './stored-bytes.ts';

/** MIME Type of Encapsulated Document and Encapsulated Document Length (PS3.3 C.24.2). */
const DOCUMENT = '00420011';
const PDF = 'application/pdf';
const OCTETS = 'application/octet-stream';

/** WADO-RS bulk data (PS3.18 10.4.1.1.5): one value by the path its metadata named, or a range of it. */
export async function retrieveBulkData(
  exchange: Exchange,
  reading: Reading,
  { address, path, ...retrieval }: Retrieval & { address: InstanceAddress; path: string },
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, address);
  const location = bulkDataAt(instance.bulkData, path);
  if (!location) return retrievePixelData(exchange, reading, { ...retrieval, instance, path });
  const type = path === DOCUMENT && (await isPdf(exchange, instance, location)) ? PDF : OCTETS;
  const types = [...new Set([type, OCTETS])];
  // What does not care gets the bare value: whoever follows a BulkDataURI wants just that, and ranges of it.
  const offers = [false, true].flatMap((parts) =>
    types.map((each) => ({ type: each, multipart: parts, transferSyntaxUid: null })),
  );
  const offer = negotiate(accepted(retrieval.request, retrieval.url), offers);
  if (!offer) return notAcceptable();
  await auditView(exchange, reading, instance.studyId);
  const value = await valueOf(exchange, instance, { location, type: offer.type });
  if (!offer.multipart) return represent(retrieval.request, value);
  return asPart(value, `${addressOf(exchange, retrieval, instance)}/bulkdata/${path}`);
}

/** An encapsulated document by itself (PS3.18 10.4.1.1.6 rendered), for viewers that show it in place of an image. */
export async function retrieveRenderedDocument(
  exchange: Exchange,
  reading: Reading,
  { address, ...retrieval }: Retrieval & { address: InstanceAddress },
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, address);
  const document = await documentOf(exchange, reading, instance);
  if (!document) return notHere();
  const { contentType } = document;
  const offers = [false, true].map((parts) => ({
    type: contentType,
    multipart: parts,
    transferSyntaxUid: null,
  }));
  const offer = negotiate(accepted(retrieval.request, retrieval.url), offers);
  if (!offer) return notAcceptable(`This document is given as ${contentType}.`);
  await auditView(exchange, reading, instance.studyId);
  return offer.multipart
    ? asPart(document, `${addressOf(exchange, retrieval, address)}/rendered`)
    : represent(retrieval.request, document);
}

async function documentOf(
  exchange: Exchange,
  reading: Reading,
  instance: LocatedInstance,
): Promise<Representation | null> {
  const location = bulkDataAt(instance.bulkData, DOCUMENT);
  if (location) {
    const type = (await isPdf(exchange, instance, location)) ? PDF : OCTETS;
    return valueOf(exchange, instance, { location, type });
  }
  // Short documents stand in the metadata itself.
  const { json } = await instanceMetadata(exchange, reading, instance);
  const inline: unknown = JSON.parse(json)[DOCUMENT]?.InlineBinary;
  if (typeof inline !== 'string') return null;
  const bytes = Buffer.from(inline, 'base64');
  return {
    ...inMemory(bytes),
    contentType: PDF,
    etag: `"${instance.id}.document"`,
    headers: policy(PDF),
  };
}

interface Value {
  location: BulkDataLocation;
  type: string;
}

async function valueOf(
  exchange: Exchange,
  instance: LocatedInstance,
  { location, type }: Value,
): Promise<Representation> {
  const stored = {
    segments: [[location.offset, location.length] as [number, number]],
    inflated: instance.transferSyntaxUid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  };
  const known = { contentType: type, etag: `"${instance.id}/${location.path}"`, headers: policy(type) };
  const width = NUMBER_SIZE[vrCode(location.vr)] ?? 0;
  if (instance.transferSyntaxUid !== EXPLICIT_VR_BIG_ENDIAN || width < 2) {
    const bytes = (stretch: { offset: number; length: number }) =>
      readSegments(exchange, instance, { ...stored, ...stretch });
    return { ...known, size: location.length, bytes };
  }
  // Octets are little endian whatever the file is (PS3.18 8.7.3.2).
  return { ...known, ...inMemory(swapped(await joinedSegments(exchange, instance, stored), width)) };
}

function swapped(bytes: Buffer, width: number): Buffer {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}

function inMemory(whole: Uint8Array): Pick<Representation, 'size' | 'bytes'> {
  return {
    size: whole.length,
    async *bytes({ offset, length }) {
      yield whole.subarray(offset, offset + length);
    },
  };
}

async function isPdf(
  exchange: Exchange,
  instance: LocatedInstance,
  { offset, length }: BulkDataLocation,
): Promise<boolean> {
  const inflated = instance.transferSyntaxUid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
  const segments: [number, number][] = [[offset, Math.min(length, 5)]];
  return (await joinedSegments(exchange, instance, { segments, inflated })).toString('latin1') === '%PDF-';
}

/**
 * A document inside an instance is a stranger's: it may be looked at and may do nothing (threats T7). Browsers show no
 * PDF in a sandbox; their own PDF viewers are one.
 */
function policy(type: string): Record<string, string> {
  const nothing = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'";
  return { 'content-security-policy': type === PDF ? nothing : `${nothing}; sandbox` };
}

function bulkDataAt(stored: unknown, path: string): BulkDataLocation | null {
  // The column holds what the head reader gave at ingest.
  const locations = (stored ?? []) as BulkDataLocation[];
  return locations.find((location) => location.path.toUpperCase() === path.toUpperCase()) ?? null;
}
