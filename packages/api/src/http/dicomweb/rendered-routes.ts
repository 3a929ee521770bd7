import type { Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { retrieveRenderedFrames, retrieveRenderedInstance, retrieveRenderedWithin } from './rendered.ts';
import type { Retrieval } from './retrieval.ts';
import { retrieveThumbnail, retrieveThumbnailWithin } from './thumbnail.ts';

/** Names between the UIDs of a path below a study. */
const NAMES = ['series', 'instances', 'frames'];

/**
 * The rendered and thumbnail resources of PS3.18 10.4.1.1.6 and 10.4.1.1.7, by the path below their study; null for
 * every other resource.
 */
export function retrieveRendered(
  exchange: Exchange,
  reading: Reading,
  {
    studyInstanceUid,
    below,
    ...retrieval
  }: Retrieval & { studyInstanceUid: string; below: readonly string[] },
): Promise<Response> | null {
  const kind = below.at(-1);
  const above = below.slice(0, -1);
  const named = above.every((part, i) => i % 2 === 1 || part === NAMES[i / 2]);
  if ((kind !== 'rendered' && kind !== 'thumbnail') || above.length % 2 === 1 || !named) return null;
  const [, seriesInstanceUid, , sopInstanceUid, , list] = above;
  const within = { studyInstanceUid, seriesInstanceUid };
  if (seriesInstanceUid === undefined || sopInstanceUid === undefined) {
    return kind === 'rendered'
      ? retrieveRenderedWithin(exchange, reading, { ...retrieval, within })
      : retrieveThumbnailWithin(exchange, reading, { ...retrieval, within });
  }
  const asked = { ...retrieval, address: { studyInstanceUid, seriesInstanceUid, sopInstanceUid } };
  if (kind === 'thumbnail') return retrieveThumbnail(exchange, reading, { ...asked, frame: list });
  return list === undefined
    ? retrieveRenderedInstance(exchange, reading, asked)
    : retrieveRenderedFrames(exchange, reading, { ...asked, list });
}
