import { layoutOf } from '@filmpost/exchange/archive/pictures/rules.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import type { LocatedInstance, Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { type Segment, frameSegments } from '@filmpost/dicom/frames.ts';
import { accepted, negotiate } from './accept.ts';
import { type Representation, asPart, represent } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';
import { joinedSegments, readSegments, segmentsLength } from './stored-bytes.ts';

/** How recordings begin: an MPEG-4 file (ISO/IEC 14496-12), an MPEG program stream or a bare one (ISO/IEC 13818). */
const BEGINNINGS: readonly [type: string, at: number, hexadecimal: string][] = [
  ['video/mp4', 4, '66747970'],
  ['video/mpeg', 0, '000001ba'],
  ['video/mpeg', 0, '000001b3'],
];

/** The recording of a video instance as it is stored, in whole or in ranges, where that is a file players know. */
export async function retrieveRecording(
  exchange: Exchange,
  reading: Reading,
  { instance, ...retrieval }: Retrieval & { instance: LocatedInstance },
): Promise<Response> {
  const layout = layoutOf(instance);
  const { segments } = frameSegments(layout, 1) ?? { segments: [] };
  const inflated = layout.kind !== 'none' && layout.inflated;
  const type = typeOf(await joinedSegments(exchange, instance, { segments: beginning(segments), inflated }));
  if (!type) return notAcceptable('This recording is stored in a form that is no file to be played.');
  const offers = [false, true].flatMap((multipart) =>
    [type, 'application/octet-stream'].map((each) => ({ type: each, multipart, transferSyntaxUid: null })),
  );
  const offer = negotiate(accepted(retrieval.request, retrieval.url), offers);
  if (!offer) return notAcceptable(`This recording is given as ${type}.`);
  await auditView(exchange, reading, instance.studyId);
  const whole: Representation = {
    contentType: offer.type,
    etag: `"${instance.id}.recording"`,
    size: segmentsLength(segments),
    bytes: (stretch) => readSegments(exchange, instance, { segments, inflated, ...stretch }),
  };
  const location = () => `${addressOf(exchange, retrieval, instance)}/rendered`;
  return offer.multipart ? asPart(whole, location()) : represent(retrieval.request, whole);
}

function beginning([first]: readonly Segment[]): Segment[] {
  return first ? [[first[0], Math.min(first[1], 8)]] : [];
}

function typeOf(bytes: Buffer): string | null {
  const found = BEGINNINGS.find(([, at, hex]) => bytes.toString('hex', at, at + hex.length / 2) === hex);
  return found?.[0] ?? null;
}
