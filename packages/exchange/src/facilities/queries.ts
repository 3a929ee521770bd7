import type { Granted } from '../access/gate/schema.ts';
import { Refused } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import type { FacilityFace } from './schema.ts';

/** Public: the name and contacts under which a facility receives images. */
export async function facilityFace(exchange: Exchange, slug: string): Promise<FacilityFace> {
  const row = await exchange.db
    .selectFrom('facility')
    .select(['slug', 'name', 'contactPhone', 'contactEmail'])
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (!row) throw new Refused();
  return row;
}

export async function listFacilities(exchange: Exchange, _granted: Granted<'exchange:operate'>) {
  return exchange.db
    .selectFrom('facility')
    .leftJoin('facilityStorage as storage', 'storage.facilityId', 'facility.id')
    .select(['facility.id', 'slug', 'name', 'timezone', 'createdAt', 'storage.quotaBytes'])
    .select((eb) => eb.fn.coalesce('storage.takenBytes', eb.lit(0)).as('takenBytes'))
    .orderBy('name')
    .execute();
}

export async function listStaff(exchange: Exchange, granted: Granted<'facility:administer'>) {
  return exchange.db
    .selectFrom('staffMember')
    .select(['userId', 'role', 'createdAt', 'disabledAt'])
    .where('facilityId', '=', granted.facilityId)
    .execute();
}

export async function listDevices(exchange: Exchange, granted: Granted<'facility:administer'>) {
  return exchange.db
    .selectFrom('device')
    .select(['id', 'name', 'createdAt', 'revokedAt'])
    .where('facilityId', '=', granted.facilityId)
    .orderBy('name')
    .execute();
}
