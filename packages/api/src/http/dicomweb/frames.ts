import { type FrameBytes, type FrameLayout, alignBits, frameSegments } from '@filmpost/dicom/frames.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { whenFree } from '@filmpost/exchange/archive/explicit/queries.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { NoPicture } from '@filmpost/imaging/decoding.ts';
import { BytesResponse, notHere } from '../../answer.ts';
import { type MediaRange, type Offer, accepted, negotiate } from './accept.ts';
import { BadRequest } from './bad-request.ts';
import { decodedFrame } from './decoded-frames.ts';
import { locateLately } from './locating.ts';
import { multipart } from './multipart-writer.ts';
import { noPictureResponse } from './no-picture.ts';
import { REVALIDATED, represent } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';
import { joinedSegments, readSegments, segmentsLength, servedTransferSyntax } from './stored-bytes.ts';

const OCTETS = 'application/octet-stream';
const MOST_FRAMES = 1000;

interface FrameOffer extends Offer {
  transferSyntaxUid: string;
  decoded?: boolean;
}

/** One frame ready to travel: bytes that may be asked for from any offset on. */
interface Frame {
  number: number;
  size: number;
  bytes(stretch: { offset: number; length: number }): AsyncIterable<Uint8Array>;
}

/**
 * WADO-RS frames (PS3.18 10.4.1.1.3): stored bytes in the stored transfer syntax, decoded only for whoever asks for
 * Explicit VR Little Endian by its UID.
 */
export async function retrieveFrames(
  exchange: Exchange,
  reading: Reading,
  { address, list, ...retrieval }: Retrieval & { address: InstanceAddress; list: string },
): Promise<Response> {
  const numbers = frameNumbers(list);
  const instance = await locateLately(exchange, reading, address);
  return retrieveFramesOf(exchange, reading, { ...retrieval, instance, numbers });
}

/** Frames of an instance by their numbers. */
export async function retrieveFramesOf(
  exchange: Exchange,
  reading: Reading,
  { instance, numbers, ...retrieval }: Retrieval & { instance: LocatedInstance; numbers: readonly number[] },
): Promise<Response> {
  // The column holds what frameLayout gave at ingest.
  const layout = instance.frameLayout as FrameLayout | null;
  if (!layout || layout.kind === 'none' || layout.kind === 'video') return notHere();
  if (numbers.some((number) => number > layout.frames)) return notHere();
  const offers = offersOf(servedTransferSyntax(instance, layout.inflated), numbers.length === 1);
  const offer = negotiate(rangesFor(retrieval), offers);
  if (!offer) return notAcceptable();
  await auditView(exchange, reading, instance.studyId);
  try {
    const frameOf = (number: number) => readyFrame(exchange, instance, { layout, number, offer });
    return await framesResponse(exchange, retrieval, { instance, numbers, offer, frameOf });
  } catch (error) {
    if (error instanceof NoPicture) return noPictureResponse(error);
    throw error;
  }
}

/** @throws BadRequest for what is no list of frame numbers */
export function frameNumbers(list: string): number[] {
  const numbers = list.split(',').map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : 0));
  if (numbers.includes(0)) throw new BadRequest('Frame numbers are whole and begin with 1.');
  if (numbers.length > MOST_FRAMES) throw new BadRequest(`At most ${MOST_FRAMES} frames at once.`);
  return numbers;
}

/** The codec's own type first; octets are understood by everybody for any frame. */
function offersOf(stored: string, alone: boolean): FrameOffer[] {
  const types = [...new Set([transferSyntax(stored).frameMediaType, OCTETS])];
  const forms = alone ? [true, false] : [true];
  const asStored = types.flatMap((type) =>
    forms.map((multipart) => ({ type, multipart, transferSyntaxUid: stored })),
  );
  if (stored === EXPLICIT_VR_LITTLE_ENDIAN) return asStored;
  const decoded = {
    type: OCTETS,
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    onlyByName: true,
    decoded: true,
  };
  return [...asStored, ...forms.map((multipart) => ({ ...decoded, multipart }))];
}

/**
 * Our viewer's scripts ask for parts in any transfer syntax and take a bare frame as well, which spares them the
 * search for boundaries. Only browsers say where a request comes from; everybody else gets the parts asked for.
 */
function rangesFor({ request, url }: Retrieval): readonly MediaRange[] {
  const ranges = accepted(request, url);
  if (request.headers.get('sec-fetch-site') !== 'same-origin') return ranges;
  const bare = ranges.filter((range) => range.multipart && range.transferSyntax === '*');
  return [...bare.map((range) => ({ ...range, multipart: false })), ...ranges];
}

async function readyFrame(
  exchange: Exchange,
  instance: LocatedInstance,
  { layout, number, offer }: { layout: FrameLayout; number: number; offer: FrameOffer },
): Promise<Frame> {
  const frame = frameSegments(layout, number);
  if (!frame) throw new BadRequest('There is no such frame.');
  const stored = { segments: frame.segments, inflated: layout.kind !== 'none' && layout.inflated };
  if (!offer.decoded && !isShifted(frame)) {
    const bytes = (stretch: { offset: number; length: number }) =>
      readSegments(exchange, instance, { ...stored, ...stretch });
    return { number, size: segmentsLength(frame.segments), bytes };
  }
  const read = await joinedSegments(exchange, instance, stored);
  const aligned = isShifted(frame) ? alignBits(read, frame.bitOffset, frame.bits ?? 0) : read;
  return inMemory(number, offer.decoded ? await decodedFrame(exchange, instance, aligned) : aligned);
}

/** One-bit frames follow each other within bytes; each travels beginning with one (PS3.5 8.1.1). */
function isShifted({ bitOffset, bits }: FrameBytes): boolean {
  return bitOffset > 0 && bits !== null;
}

function inMemory(number: number, frame: Uint8Array): Frame {
  async function* bytes({ offset, length }: { offset: number; length: number }) {
    yield frame.subarray(offset, offset + length);
  }
  return { number, size: frame.length, bytes };
}

interface Answering {
  instance: LocatedInstance;
  numbers: readonly number[];
  offer: FrameOffer;
  frameOf(number: number): Promise<Frame>;
}

async function framesResponse(
  exchange: Exchange,
  retrieval: Retrieval,
  { instance, numbers, offer, frameOf }: Answering,
): Promise<Response> {
  const contentType = `${offer.type}; transfer-syntax=${offer.transferSyntaxUid}`;
  const [first = 1] = numbers;
  if (!offer.multipart) {
    const etag = `"${instance.id}.${first}${offer.decoded ? '.decoded' : ''}"`;
    return represent(retrieval.request, { contentType, etag, ...(await frameOf(first)) });
  }
  // Decoded one after the other as they leave, since together they may be too much for any memory.
  const ready = offer.decoded ? [await frameOf(first)] : await Promise.all(numbers.map(frameOf));
  const location = addressOf(exchange, retrieval, instance);
  const parts = numbers.map((number, i) => ({
    headers: { 'Content-Type': contentType, 'Content-Location': `${location}/frames/${number}` },
    size: ready[i]?.size ?? null,
    async *bytes() {
      const frame = ready[i] ?? (await whenFree(() => frameOf(number)));
      yield* frame.bytes({ offset: 0, length: frame.size });
    },
  }));
  const body = multipart(offer.type, parts);
  const length: Record<string, string> = body.size === null ? {} : { 'content-length': String(body.size) };
  return new BytesResponse(body.body, {
    status: 200,
    headers: { ...REVALIDATED, vary: 'Accept', 'content-type': body.contentType, ...length },
  });
}
