import { type Within, representativeImage } from '@filmpost/exchange/archive/pictures/queries.ts';
import { representativeFrame } from '@filmpost/exchange/archive/pictures/rules.ts';
import {
  type InstanceAddress,
  type Reading,
  locateInstance,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BadRequest } from './bad-request.ts';
import { frameNumbers } from './frames.ts';
import { pictures } from './rendered.ts';
import { thumbnailParameters } from './rendered-parameters.ts';
import type { Retrieval } from './retrieval.ts';

/** A small picture that stands for a study or series (PS3.18 10.4.1.1.7). */
export async function retrieveThumbnailWithin(
  exchange: Exchange,
  reading: Reading,
  { within, ...retrieval }: Retrieval & { within: Within },
): Promise<Response> {
  const address = await representativeImage(exchange, reading, within);
  return retrieveThumbnail(exchange, reading, { ...retrieval, address });
}

/** A small picture of an instance, or of one of its frames. */
export async function retrieveThumbnail(
  exchange: Exchange,
  reading: Reading,
  { address, frame, ...retrieval }: Retrieval & { address: InstanceAddress; frame?: string },
): Promise<Response> {
  const wanted = frame === undefined ? null : frameNumbers(frame);
  if (wanted && wanted.length > 1) throw new BadRequest('A thumbnail shows one frame.');
  const parameters = thumbnailParameters(retrieval.url);
  const instance = await locateInstance(exchange, reading, address);
  const [number = representativeFrame(instance)] = wanted ?? [];
  return pictures(exchange, reading, { ...retrieval, images: [{ instance, number }], parameters });
}
