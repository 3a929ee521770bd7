import type { PictureStyle } from '@filmpost/imaging/rendering.ts';
import { NoPicture } from '@filmpost/imaging/rendering.ts';
import { Pictures } from '@filmpost/imaging/pictures.ts';
import {
  type Within,
  pictureOrder,
  picturesOf,
  representativeImage,
} from '@filmpost/exchange/archive/pictures/queries.ts';
import { layoutOf, representativeFrame } from '@filmpost/exchange/archive/pictures/rules.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  locateInstance,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse } from '../../answer.ts';
import { type Asking, hasAlready } from '../byte-range.ts';
import { accepted, negotiate } from './accept.ts';
import { retrieveRenderedDocument } from './bulkdata.ts';
import { frameNumbers } from './frames.ts';
import { multipart } from './multipart-writer.ts';
import { noPictureResponse } from './no-picture.ts';
import { type RenderedParameters, renderedParameters } from './rendered-parameters.ts';
import { retrieveRecording } from './rendered-video.ts';
import { REVALIDATED } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';

const TYPES: readonly PictureStyle['type'][] = ['image/jpeg', 'image/png'];
const WANTED = `Pictures are given as ${TYPES.join(' or ')}.`;

/** One rendered image that stands for a study or series (PS3.18 10.4.1.1.6). */
export async function retrieveRenderedWithin(
  exchange: Exchange,
  reading: Reading,
  { within, ...retrieval }: Retrieval & { within: Within },
): Promise<Response> {
  const address = await representativeImage(exchange, reading, within);
  return retrieveRenderedInstance(exchange, reading, { ...retrieval, address });
}

/**
 * An instance to look at (PS3.18 10.4.1.1.6): a picture of its middle frame, the recording of a video, the document of
 * an encapsulated one.
 */
export async function retrieveRenderedInstance(
  exchange: Exchange,
  reading: Reading,
  asked: Retrieval & { address: InstanceAddress },
): Promise<Response> {
  const instance = await locateInstance(exchange, reading, asked.address);
  const { kind } = layoutOf(instance);
  if (kind === 'video') return retrieveRecording(exchange, reading, { ...asked, instance });
  if (kind === 'none') {
    const document = await retrieveRenderedDocument(exchange, reading, asked);
    return document.status === 404 ? noPictureResponse(new NoPicture('no-pixels')) : document;
  }
  const numbers = [representativeFrame(instance)];
  const parameters = renderedParameters(asked.url);
  return pictures(exchange, reading, { ...asked, instance, numbers, parameters });
}

/** Frames of an instance, each a picture (PS3.18 10.4.1.1.6). */
export async function retrieveRenderedFrames(
  exchange: Exchange,
  reading: Reading,
  { list, ...asked }: Retrieval & { address: InstanceAddress; list: string },
): Promise<Response> {
  const numbers = frameNumbers(list);
  const parameters = renderedParameters(asked.url);
  const instance = await locateInstance(exchange, reading, asked.address);
  return pictures(exchange, reading, { ...asked, instance, numbers, parameters });
}

export interface PicturesAsked extends Retrieval {
  instance: LocatedInstance;
  /** At least one, counted from 1. */
  numbers: readonly number[];
  parameters: RenderedParameters;
}

/** Who asks has been admitted before; what was looked at is written down before the first byte leaves. */
export async function pictures(
  exchange: Exchange,
  reading: Reading,
  { instance, numbers, parameters, ...retrieval }: PicturesAsked,
): Promise<Response> {
  const { leftOut, ...looks } = parameters;
  const forms = numbers.length === 1 ? [false, true] : [true];
  const offers = forms.flatMap((parts) =>
    TYPES.map((type) => ({ type, multipart: parts, transferSyntaxUid: null })),
  );
  const offer = negotiate(accepted(retrieval.request, retrieval.url), offers);
  if (!offer) return notAcceptable(WANTED);
  const style = { ...looks, type: offer.type };
  try {
    const orders = numbers.map((frameNumber) => pictureOrder(exchange, instance, { frameNumber, style }));
    const response = offer.multipart
      ? await asParts(exchange, { orders, location: addressOf(exchange, retrieval, instance), style })
      : await alone(exchange, retrieval.request, orders[0]!);
    await auditView(exchange, reading, instance.studyId);
    if (leftOut.length > 0) response.headers.set('warning', leftOutWarning(leftOut));
    return response;
  } catch (error) {
    if (error instanceof NoPicture) return noPictureResponse(error);
    throw error;
  }
}

function leftOutWarning(leftOut: readonly string[]): string {
  return `299 filmpost "These parameters are not supported and were left out: ${leftOut.join(', ')}"`;
}

type Order = ReturnType<typeof pictureOrder>;

async function alone(exchange: Exchange, request: Asking, order: Order): Promise<Response> {
  const etag = `"${Pictures.keyOf(order)}"`;
  const headers = { ...REVALIDATED, vary: 'Accept', etag };
  if (hasAlready(request, etag)) return new BytesResponse(null, { status: 304, headers });
  const { type, bytes } = await picturesOf(exchange).picture(order);
  return new BytesResponse(bytes, { status: 200, headers: { ...headers, 'content-type': type } });
}

/** The first is made before anything is said, so that what cannot be shown is told; the others as they leave. */
async function asParts(
  exchange: Exchange,
  { orders, location, style }: { orders: readonly Order[]; location: string; style: PictureStyle },
): Promise<Response> {
  const shelf = picturesOf(exchange);
  const first = await shelf.picture(orders[0]!);
  const parts = orders.map((order, i) => ({
    headers: {
      'Content-Type': style.type,
      'Content-Location': `${location}/frames/${order.frameNumber}/rendered`,
    },
    size: i === 0 ? first.bytes.length : null,
    async *bytes() {
      yield (i === 0 ? first : await shelf.picture(order)).bytes;
    },
  }));
  const body = multipart(style.type, parts);
  const length: Record<string, string> = body.size === null ? {} : { 'content-length': String(body.size) };
  return new BytesResponse(body.body, {
    status: 200,
    headers: { ...REVALIDATED, vary: 'Accept', 'content-type': body.contentType, ...length },
  });
}
