import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import { transact } from '../transaction.ts';
import { aToken, randomSymbols } from '../vault.ts';
import { slugOf } from './rules.ts';
import {
  type FacilityLimit,
  type NewFacility,
  type NewStaff,
  deviceId as anId,
  deviceName,
  facilityLimit,
  facilitySlug,
  newFacility,
  newStaff,
} from './schema.ts';

/** A word the person can act on, for input that is well-formed but cannot be done. */
export class CannotBeDone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotBeDone';
  }
}

export async function createFacility(
  exchange: Exchange,
  granted: Granted<'exchange:operate'>,
  input: NewFacility,
): Promise<{ id: string; slug: string }> {
  const { slug: wanted, ...facility } = newFacility.parse(input);
  const slug = wanted ?? slugOf(facility.name);
  if (!facilitySlug.safeParse(slug).success) {
    throw new CannotBeDone(
      'No address can be made of this name. Give one with --slug, of letters and digits.',
    );
  }
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const row = await trx
      .insertInto('facility')
      .values({ ...facility, slug })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returning(['id', 'slug'])
      .executeTakeFirst();
    if (!row) throw new CannotBeDone(`There is a facility "${slug}" already. Give another one with --slug.`);
    ledger.audit({
      facilityId: row.id,
      action: 'facility.created',
      subject: { kind: 'facility', id: row.id },
    });
    return row;
  });
}

/** What a facility may have stored at most; null for as much as there is room. What it has already stays. */
export async function limitFacility(
  exchange: Exchange,
  granted: Granted<'exchange:operate'>,
  input: FacilityLimit,
): Promise<{ slug: string; quotaBytes: number | null; takenBytes: number }> {
  const { facility: slug, quotaBytes } = facilityLimit.parse(input);
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const facility = await trx
      .selectFrom('facility')
      .select('id')
      .where('slug', '=', slug)
      .executeTakeFirst();
    if (!facility) throw new CannotBeDone('There is no such facility.');
    const { takenBytes } = await trx
      .insertInto('facilityStorage')
      .values({ facilityId: facility.id, quotaBytes })
      .onConflict((conflict) => conflict.column('facilityId').doUpdateSet({ quotaBytes }))
      .returning('takenBytes')
      .executeTakeFirstOrThrow();
    ledger.audit({
      facilityId: facility.id,
      action: 'facility.limited',
      subject: { kind: 'facility', id: facility.id },
      detail: { quotaBytes },
    });
    return { slug, quotaBytes, takenBytes };
  });
}

/** Adds a person to a facility; one who signs in already keeps the password and gets the role. */
export async function addStaff(
  exchange: Exchange,
  granted: Granted<'facility:administer'>,
  input: NewStaff,
): Promise<{ userId: string; email: string; role: string; password: string | null }> {
  const person = newStaff.parse(input);
  const password = person.password ?? randomSymbols('abcdefghjkmnpqrstuvwxyz23456789', 20);
  const auth = await exchange.staffAuth.$context;
  const known = await auth.internalAdapter.findUserByEmail(person.email);
  const userId =
    known?.user.id ??
    (await exchange.staffAuth.api.signUpEmail({ body: { name: person.name, email: person.email, password } }))
      .user.id;
  await transact(exchange, granted.actor, async (trx, ledger) => {
    await trx
      .insertInto('staffMember')
      .values({ facilityId: granted.facilityId, userId, role: person.role })
      .onConflict((conflict) =>
        conflict.columns(['facilityId', 'userId']).doUpdateSet({ role: person.role, disabledAt: null }),
      )
      .execute();
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'staff.added',
      subject: { kind: 'staff', id: userId },
      detail: { role: person.role },
    });
  });
  return { userId, email: person.email, role: person.role, password: known ? null : password };
}

/** A machine that may push to and read from its facility. Its key is told once and kept only as a digest. */
export async function createDevice(
  exchange: Exchange,
  granted: Granted<'facility:administer'>,
  wanted: string,
): Promise<{ id: string; key: string }> {
  const name = deviceName.parse(wanted);
  const { token, hash } = aToken();
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const { id } = await trx
      .insertInto('device')
      .values({ facilityId: granted.facilityId, name, keyHash: hash })
      .returning('id')
      .executeTakeFirstOrThrow();
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'device.created',
      subject: { kind: 'device', id },
    });
    return { id, key: token };
  });
}

export async function revokeDevice(
  exchange: Exchange,
  granted: Granted<'facility:administer'>,
  deviceId: string,
): Promise<void> {
  const unknown = () => new CannotBeDone('This facility has no such device in use.');
  if (!anId.safeParse(deviceId).success) throw unknown();
  await transact(exchange, granted.actor, async (trx, ledger) => {
    const row = await trx
      .updateTable('device')
      .set({ revokedAt: exchange.now() })
      .where('id', '=', deviceId)
      .where('facilityId', '=', granted.facilityId)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!row) throw unknown();
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'device.revoked',
      subject: { kind: 'device', id: deviceId },
    });
  });
}
