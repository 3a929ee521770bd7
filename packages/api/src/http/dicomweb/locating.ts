import {
  type InstanceAddress,
  type LocatedInstance,
  type Reading,
  locateInstance,
  locateInstances,
} from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { Moment } from '../moment.ts';

/** After so many questions about one series within a moment, the rest of it is wanted too. */
const CURIOUS = 6;

const questions = new Moment<{ asked: number }>({ ms: 900, most: 2_000 });
const series = new Moment<Map<string, LocatedInstance>>({ ms: 900, most: 100 });

/**
 * Where one instance's bytes lie, for those who are asked for one after the other: a viewer fetches the frames of a
 * series by the hundred, and they are found together. What a reader may see is asked anew every moment.
 *
 * @throws Refused when the reader has no such instance
 */
export async function locateLately(
  exchange: Exchange,
  reading: Reading,
  address: InstanceAddress,
): Promise<LocatedInstance> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = address;
  const key = `${reachOf(reading)} ${studyInstanceUid} ${seriesInstanceUid}`;
  const lately = await questions.recall(key, () => Promise.resolve({ asked: 0 }));
  if (++lately.asked <= CURIOUS) return locateInstance(exchange, reading, address);
  const found = await series.recall(key, async () => {
    const within = { studyInstanceUid, seriesInstanceUid };
    const instances = await locateInstances(exchange, reading, within);
    return new Map(instances.map((instance) => [instance.sopInstanceUid, instance]));
  });
  // One that has arrived since is found by itself.
  return found.get(sopInstanceUid) ?? locateInstance(exchange, reading, address);
}

/** What a reader reaches depends on nothing else (see withinReach). */
export function reachOf(reading: Reading): string {
  return 'shareId' in reading ? `share ${reading.shareId}` : `facility ${reading.facilityId}`;
}
