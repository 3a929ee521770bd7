import type { Trx } from '../../transaction.ts';
import { MANY_OPEN_REQUESTS } from './rules.ts';

/** The requests of a facility whose PINs open something; counted no further than anybody wants to know. */
export async function openRequests(trx: Trx, facilityId: string): Promise<number> {
  const { count } = await trx
    .selectFrom((eb) =>
      eb
        .selectFrom('request')
        .select('id')
        .where('facilityId', '=', facilityId)
        .where('closedAt', 'is', null)
        .limit(MANY_OPEN_REQUESTS + 1)
        .as('open'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
