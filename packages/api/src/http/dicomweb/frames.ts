import { type FrameLayout, alignBits, frameSegments } from '@filmpost/dicom/frames.ts';
import { transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  locateInstance,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse, notHere } from '../../answer.ts';
import { accepted, takes } from './accept.ts';
import { BadRequest } from './bad-request.ts';
import { multipart } from './multipart-writer.ts';
import { type ReadStretch, servedTransferSyntax, stretchReader } from './stored-bytes.ts';
import { type Retrieval, notAcceptable } from './wado.ts';

const IMMUTABLE = {
  'cache-control': 'private, max-age=3600, immutable',
  'x-content-type-options': 'nosniff',
};
const MOST_FRAMES = 1000;

/**
 * WADO-RS frames (PS3.18 10.4.1.1.3): stored bytes in the stored transfer syntax. One frame may be had as a single
 * part, which viewers decode without looking for boundaries.
 */
export async function retrieveFrames(
  exchange: Exchange,
  reading: Reading,
  { address, list, request, url }: Retrieval & { address: InstanceAddress; list: string },
): Promise<Response> {
  const numbers = frameNumbers(list);
  const instance = await locateInstance(exchange, reading, address);
  // The column holds what frameLayout gave at ingest.
  const layout = instance.frameLayout as FrameLayout | null;
  if (!layout || layout.kind === 'none' || layout.kind === 'video') return notHere();
  if (numbers.some((number) => number > layout.frames)) return notHere();
  const transferSyntaxUid = servedTransferSyntax(instance, layout.inflated);
  const type = transferSyntax(transferSyntaxUid).frameMediaType;
  const form = frameForm({ request, url }, { type, transferSyntaxUid, single: numbers.length === 1 });
  if (!form) return notAcceptable();
  await auditView(exchange, reading, instance.studyId);
  const frames = await readFrames(exchange, instance, { layout, numbers });
  const contentType = `${form.type}; transfer-syntax=${transferSyntaxUid}`;
  const [only] = frames;
  if (form.single && only) {
    return new BytesResponse(only, { status: 200, headers: { ...IMMUTABLE, 'content-type': contentType } });
  }
  const body = multipart(
    form.type,
    frames.map((frame) => ({
      headers: { 'Content-Type': contentType },
      size: frame.length,
      bytes: () => once(frame),
    })),
  );
  return new BytesResponse(body.body, {
    status: 200,
    headers: { ...IMMUTABLE, 'content-type': body.contentType, 'content-length': String(body.size) },
  });
}

function frameNumbers(list: string): number[] {
  const numbers = list.split(',').map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : 0));
  if (numbers.includes(0)) throw new BadRequest('Frame numbers are whole and begin with 1.');
  if (numbers.length > MOST_FRAMES) throw new BadRequest(`At most ${MOST_FRAMES} frames at once.`);
  return numbers;
}

/** Octet-stream is understood by everybody for any frame; the codec's own type is offered first. */
function frameForm(
  retrieval: Retrieval,
  offer: { type: string; transferSyntaxUid: string; single: boolean },
): { type: string; single: boolean } | null {
  for (const range of accepted(retrieval.request, retrieval.url)) {
    for (const type of [offer.type, 'application/octet-stream']) {
      const form = takes(range, { type, transferSyntaxUid: offer.transferSyntaxUid });
      if (!form) continue;
      // transfer-syntax=* is how viewers ask that take a bare frame as well (PS3.18 8.7.3.5.2 leaves it open).
      const bare = form === 'single' || range.parameters['transfer-syntax'] === '*';
      return {
        type: form === 'single' && range.type !== '*/*' ? type : offer.type,
        single: offer.single && bare,
      };
    }
  }
  return null;
}

async function readFrames(
  exchange: Exchange,
  instance: LocatedInstance,
  { layout, numbers }: { layout: FrameLayout; numbers: readonly number[] },
): Promise<Buffer[]> {
  const read = stretchReader(exchange, instance, layout.kind !== 'none' && layout.inflated);
  return Promise.all(numbers.map((number) => readFrame(read, layout, number)));
}

async function readFrame(read: ReadStretch, layout: FrameLayout, number: number): Promise<Buffer> {
  const frame = frameSegments(layout, number);
  if (!frame) throw new BadRequest('There is no such frame.');
  const pieces = await Promise.all(frame.segments.map(([offset, length]) => read(offset, length)));
  const [first] = pieces;
  const bytes = pieces.length === 1 && first ? first : Buffer.concat(pieces);
  return frame.bitOffset > 0 && frame.bits !== null
    ? Buffer.from(alignBits(bytes, frame.bitOffset, frame.bits))
    : bytes;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
