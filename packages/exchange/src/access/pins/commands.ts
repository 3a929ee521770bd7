import type { Exchange } from '../../exchange.ts';
import { type Trx, transact } from '../../transaction.ts';
import { aToken } from '../../vault.ts';
import { recordAttempt } from '../attempts/commands.ts';
import { recentAttempts } from '../attempts/queries.ts';
import { parseBirthDate } from '../codes/rules.ts';
import { SESSION_MINUTES } from '../gate/rules.ts';
import { Refused } from '../gate/schema.ts';
import { openRequests } from './queries.ts';
import { PIN_FAILURES, needsBirthDate, normalisePin } from './rules.ts';
import type { PinEntry } from './schema.ts';

export interface OpenedRequest {
  requestId: string;
  token: string;
  expiresAt: Date;
}

/** Raised instead of `Refused` while a PIN alone proves too little: ask for the date of birth as well. */
export class BirthDateNeeded extends Error {
  constructor() {
    super('Enter the date of birth from the Request Page as well.');
    this.name = 'BirthDateNeeded';
  }
}

type Outcome = OpenedRequest | 'refused' | 'birth-date-needed';

/**
 * Opens a request for its uploader. The session can give and decline, and read nothing.
 *
 * @throws Refused for a PIN that is unknown, of another facility, closed, or tried too often
 * @throws BirthDateNeeded for everyone at a facility whose PINs are under attack or many, right or wrong
 */
export async function enterWithPin(
  exchange: Exchange,
  entry: PinEntry,
  address: string,
): Promise<OpenedRequest> {
  const facility = await exchange.db
    .selectFrom('facility')
    .select('id')
    .where('slug', '=', entry.facility)
    .executeTakeFirst();
  if (!facility) throw new Refused();
  const actor = { kind: 'anonymous', id: 'anonymous', address } as const;
  const outcome = await transact(exchange, actor, async (trx, ledger): Promise<Outcome> => {
    const now = exchange.now();
    const buckets = { address: `pin:${facility.id}:${address}`, facility: `pin:${facility.id}` };
    const ofAddress = await recentAttempts(trx, {
      bucket: buckets.address,
      now,
      minutes: PIN_FAILURES.address.minutes,
    });
    const ofFacility = await recentAttempts(trx, {
      bucket: buckets.facility,
      now,
      minutes: PIN_FAILURES.facility.minutes,
    });
    if (ofAddress.failures >= PIN_FAILURES.address.most) return 'refused';
    const stepUp = needsBirthDate({
      failures: ofFacility.failures,
      openRequests: await openRequests(trx, facility.id),
    });
    if (stepUp && !entry.birthDate) return 'birth-date-needed';
    const request = await openRequest(exchange, trx, { facilityId: facility.id, entry, stepUp });
    for (const bucket of Object.values(buckets)) {
      await recordAttempt(trx, { bucket, now, succeeded: request !== null });
    }
    if (!request) {
      ledger.audit({
        facilityId: facility.id,
        action: 'pin.refused',
        outcome: 'refused',
        subject: { kind: 'facility', id: facility.id },
      });
      return 'refused';
    }
    if (request.state === 'sent') {
      await trx.updateTable('request').set({ state: 'opened' }).where('id', '=', request.id).execute();
      const payload = { requestId: request.id, state: 'opened' } as const;
      ledger.event({ topic: `request:${request.id}`, kind: 'request.changed', payload });
      ledger.event({ topic: `facility:${facility.id}`, kind: 'request.changed', payload });
    }
    const { token, hash } = aToken();
    const expiresAt = new Date(now.getTime() + SESSION_MINUTES.uploader.absolute * 60_000);
    await trx
      .insertInto('visitorSession')
      .values({
        tokenHash: hash,
        kind: 'uploader',
        requestId: request.id,
        createdAt: now,
        lastSeenAt: now,
        expiresAt,
      })
      .execute();
    ledger.audit({
      facilityId: facility.id,
      action: 'request.opened',
      subject: { kind: 'request', id: request.id },
    });
    return { requestId: request.id, token, expiresAt };
  });
  if (outcome === 'refused') throw new Refused();
  if (outcome === 'birth-date-needed') throw new BirthDateNeeded();
  return outcome;
}

async function openRequest(
  exchange: Exchange,
  trx: Trx,
  { facilityId, entry, stepUp }: { facilityId: string; entry: PinEntry; stepUp: boolean },
) {
  const pin = normalisePin(entry.pin);
  const request = await trx
    .selectFrom('request')
    .select(['id', 'state', 'patientBirthDate'])
    .where('facilityId', '=', facilityId)
    .where('pinIndex', '=', exchange.vault.index(`pin ${facilityId}`, pin ?? ''))
    .where('closedAt', 'is', null)
    .executeTakeFirst();
  if (!request) return null;
  return stepUp && request.patientBirthDate !== parseBirthDate(entry.birthDate ?? '') ? null : request;
}
