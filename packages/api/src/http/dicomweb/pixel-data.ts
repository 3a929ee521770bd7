import { frameSegments } from '@filmpost/dicom/frames.ts';
import { tagText } from '@filmpost/dicom/json.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { wordsTurned } from '@filmpost/exchange/archive/explicit/rules.ts';
import { layoutOf } from '@filmpost/exchange/archive/pictures/rules.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import type { LocatedInstance, Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { wordBytes } from '@filmpost/imaging/sample-layout.ts';
import { notHere } from '../../answer.ts';
import { accepted, negotiate } from './accept.ts';
import { retrieveFramesOf } from './frames.ts';
import { asPart, represent } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';
import { headOf, readSegments, segmentsLength } from './stored-bytes.ts';

const OCTETS = 'application/octet-stream';
const PIXELS = [Tag.pixelData, Tag.floatPixelData, Tag.doubleFloatPixelData].map(tagText);

type Asked = Retrieval & { instance: LocatedInstance; path: string };

/**
 * Pixel Data as metadata links it (PS3.18 10.4.1.1.5): native pixels as one value in little endian, or a range of it;
 * compressed ones frame by frame, in every form that frames have; a recording as it is stored.
 */
export async function retrievePixelData(
  exchange: Exchange,
  reading: Reading,
  asked: Asked,
): Promise<Response> {
  const { instance, path } = asked;
  if (!PIXELS.includes(path.toUpperCase())) return notHere();
  const { attributes, encoding, pixelData } = await headOf(exchange, instance);
  if (!pixelData || tagText(pixelData.tag) !== path.toUpperCase()) return notHere();
  const inflated = encoding.deflated;
  if (!pixelData.encapsulated) {
    const bitsAllocated = attributes.number(Tag.bitsAllocated) ?? 0;
    const { offset, length, vr } = pixelData;
    const word = encoding.littleEndian ? 1 : wordBytes({ bitsAllocated, vr });
    return valueResponse(exchange, reading, { ...asked, segments: [[offset, length]], inflated, word });
  }
  const layout = layoutOf(instance);
  if (layout.kind === 'fragments') {
    const numbers = Array.from({ length: layout.frames }, (_, at) => at + 1);
    return retrieveFramesOf(exchange, reading, { ...asked, numbers });
  }
  const recording = layout.kind === 'video' ? frameSegments(layout, 1) : null;
  if (!recording) return notAcceptable('The frames cannot be told apart; ask for the instance itself.');
  return valueResponse(exchange, reading, { ...asked, segments: recording.segments, inflated, word: 1 });
}

interface Value extends Asked {
  segments: [offset: number, length: number][];
  inflated: boolean;
  /** Bytes of the words to be turned round. */
  word: number;
}

async function valueResponse(exchange: Exchange, reading: Reading, value: Value): Promise<Response> {
  const { instance, request, url, segments, inflated, word } = value;
  const { frameMediaType } = transferSyntax(instance.transferSyntaxUid);
  const types = [...new Set([frameMediaType, OCTETS])];
  const offers = [false, true].flatMap((multipart) =>
    types.map((type) => ({ type, multipart, transferSyntaxUid: null })),
  );
  const offer = negotiate(accepted(request, url), offers);
  if (!offer) return notAcceptable();
  await auditView(exchange, reading, instance.studyId);
  const stored = (stretch: Stretch) => readSegments(exchange, instance, { segments, inflated, ...stretch });
  const whole = {
    contentType: offer.type,
    etag: `"${instance.id}/${value.path.toUpperCase()}"`,
    size: segmentsLength(segments),
    bytes: (stretch: Stretch) => (word > 1 ? turned(stored, stretch, word) : stored(stretch)),
  };
  return offer.multipart
    ? asPart(whole, `${addressOf(exchange, value, instance)}/bulkdata/${value.path.toUpperCase()}`)
    : represent(request, whole);
}

type Stretch = { offset: number; length: number };

/** A stretch of words turned round, wherever it begins and ends. */
async function* turned(
  stored: (stretch: Stretch) => AsyncIterable<Uint8Array>,
  { offset, length }: Stretch,
  word: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const from = offset - (offset % word);
  const to = Math.ceil((offset + length) / word) * word;
  let at = from;
  for await (const piece of wordsTurned(stored({ offset: from, length: to - from }), word)) {
    const wanted = piece.subarray(Math.max(0, offset - at), Math.max(0, offset + length - at));
    at += piece.length;
    if (wanted.length > 0) yield wanted;
  }
}
