import type { PictureStyle } from '@filmpost/imaging/rendering.ts';
import { NoPicture } from '@filmpost/imaging/rendering.ts';
import { Pictures } from '@filmpost/imaging/pictures.ts';
import {
  type Within,
  pictureOrder,
  picturesOf,
  representativeImage,
} from '@filmpost/exchange/archive/pictures/queries.ts';
import { isDrawable, layoutOf, representativeFrame } from '@filmpost/exchange/archive/pictures/rules.ts';
import { auditView } from '@filmpost/exchange/archive/reading/commands.ts';
import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  locateInstance,
  locateInstances,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse } from '../../answer.ts';
import { type Asking, hasAlready } from '../byte-range.ts';
import { accepted, negotiate } from './accept.ts';
import { retrieveRenderedDocument } from './bulkdata.ts';
import { frameNumbers } from './frames.ts';
import { noPictureResponse } from './no-picture.ts';
import { pictureParts } from './picture-parts.ts';
import { type RenderedParameters, renderedParameters } from './rendered-parameters.ts';
import { retrieveRecording } from './rendered-video.ts';
import { REVALIDATED } from './representation.ts';
import { type Retrieval, addressOf, notAcceptable } from './retrieval.ts';

const TYPES: readonly PictureStyle['type'][] = ['image/jpeg', 'image/png'];
const WANTED = `Pictures are given as ${TYPES.join(' or ')}.`;

/**
 * A rendered study or series (PS3.18 10.4.1.1.6): in parts, a picture of each of its images, in reading order; alone,
 * the one that stands for all.
 */
export async function retrieveRenderedWithin(
  exchange: Exchange,
  reading: Reading,
  { within, ...retrieval }: Retrieval & { within: Within },
): Promise<Response> {
  const parameters = renderedParameters(retrieval.url);
  const offer = negotiate(accepted(retrieval.request, retrieval.url), offersFor([false, true]));
  if (!offer?.multipart) {
    const address = await representativeImage(exchange, reading, within);
    return retrieveRenderedInstance(exchange, reading, { ...retrieval, address });
  }
  const instances = await locateInstances(exchange, reading, within);
  const images = instances
    .filter(isDrawable)
    .map((instance) => ({ instance, number: representativeFrame(instance) }));
  return images.length > 0
    ? pictures(exchange, reading, { ...retrieval, images, parameters, isWhole: true })
    : noPictureResponse(new NoPicture('no-pixels'));
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
  const parameters = renderedParameters(asked.url);
  const instance = await locateInstance(exchange, reading, asked.address);
  const { kind } = layoutOf(instance);
  if (kind === 'video') return retrieveRecording(exchange, reading, { ...asked, instance });
  if (kind === 'none') {
    const document = await retrieveRenderedDocument(exchange, reading, asked);
    return document.status === 404 ? noPictureResponse(new NoPicture('no-pixels')) : document;
  }
  const images = [{ instance, number: representativeFrame(instance) }];
  return pictures(exchange, reading, { ...asked, images, parameters });
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
  const images = numbers.map((number) => ({ instance, number }));
  return pictures(exchange, reading, { ...asked, images, parameters });
}

export interface PicturesAsked extends Retrieval {
  /** At least one, frames counted from 1. */
  images: readonly { instance: LocatedInstance; number: number }[];
  parameters: RenderedParameters;
  /** Whether these are all images of something: then those that cannot be drawn are left out. */
  isWhole?: boolean;
}

/** Who asks has been admitted before; what was looked at is written down before the first byte leaves. */
export async function pictures(
  exchange: Exchange,
  reading: Reading,
  { images, parameters, isWhole = false, ...retrieval }: PicturesAsked,
): Promise<Response> {
  const { leftOut, ...looks } = parameters;
  const offers = offersFor(images.length === 1 && !isWhole ? [false, true] : [true]);
  const offer = negotiate(accepted(retrieval.request, retrieval.url), offers);
  if (!offer) return notAcceptable(WANTED);
  const style = { ...looks, type: offer.type };
  try {
    const ordered = images.map(({ instance, number }) => ({
      order: pictureOrder(exchange, instance, { frameNumber: number, style }),
      location: `${addressOf(exchange, retrieval, instance)}/frames/${number}/rendered`,
    }));
    const response = offer.multipart
      ? await pictureParts(picturesOf(exchange), { ordered, type: offer.type, isWhole })
      : await alone(exchange, retrieval.request, ordered[0]!.order);
    await auditView(exchange, reading, images[0]!.instance.studyId);
    if (leftOut.length > 0) response.headers.set('warning', leftOutWarning(leftOut));
    return response;
  } catch (error) {
    if (error instanceof NoPicture) return noPictureResponse(error);
    throw error;
  }
}

function offersFor(forms: readonly boolean[]) {
  return forms.flatMap((multipart) => TYPES.map((type) => ({ type, multipart, transferSyntaxUid: null })));
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
