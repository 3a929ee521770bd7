import type { Database } from '@filmpost/db/client.ts';
import type { Insertable } from 'kysely';
import type { Granted } from '../access/gate/schema.ts';
import { isYetToCome, parseBirthDate } from '../access/codes/rules.ts';
import { PIN_LENGTH } from '../access/pins/rules.ts';
import type { Exchange } from '../exchange.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { type Ledger, type Trx, transact } from '../transaction.ts';
import { randomSymbols } from '../vault.ts';
import { wasDeclined } from './declining/queries.ts';
import { mayBecome, personName } from './rules.ts';
import { type CreatedRequest, type NewRequest, type RequestState, newRequest } from './schema.ts';

/** Asks an outside facility for a patient's prior images: an address and a six-digit PIN are all it needs. */
export async function createRequest(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
  input: NewRequest,
): Promise<CreatedRequest> {
  const wanted = newRequest.parse(input);
  const birthDate = parseBirthDate(wanted.birthDate);
  if (!birthDate) throw new CannotBeDone('This date of birth is no calendar day. Write it as YYYY/MM/DD.');
  if (isYetToCome(birthDate, exchange.now()))
    throw new CannotBeDone('This date of birth is yet to come. Look at the year again.');
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const row = {
      facilityId: granted.facilityId,
      outsideFacility: wanted.outsideFacility,
      patientName: personName(wanted.patientName),
      patientBirthDate: birthDate,
      details: wanted.details,
      createdBy: `${granted.actor.kind} ${granted.actor.id}`,
      createdAt: exchange.now(),
    };
    const { id, pin } = await insertWithFreshPin(exchange, trx, row);
    const { slug } = await trx
      .selectFrom('facility')
      .select('slug')
      .where('id', '=', granted.facilityId)
      .executeTakeFirstOrThrow();
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'request.created',
      subject: { kind: 'request', id },
    });
    tellRequest(ledger, { requestId: id, facilityId: granted.facilityId, state: 'sent' });
    return { requestId: id, pin, url: `${exchange.publicUrl}/r/${slug}` };
  });
}

/** Draws PINs until one is free among the facility's open requests; the unique index decides, not a look. */
async function insertWithFreshPin(
  exchange: Exchange,
  trx: Trx,
  row: Omit<Insertable<Database['request']>, 'pinIndex' | 'pinSealed'>,
): Promise<{ id: string; pin: string }> {
  for (let tries = 0; tries < 50; tries++) {
    const pin = randomSymbols('0123456789', PIN_LENGTH);
    const inserted = await trx
      .insertInto('request')
      .values({
        ...row,
        pinIndex: exchange.vault.index(`pin ${row.facilityId}`, pin),
        pinSealed: exchange.vault.seal(pin),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted) return { id: inserted.id, pin };
  }
  throw new CannotBeDone('This facility has too many open requests for a new PIN. Close some first.');
}

/** Moves a request along its states and tells those who follow it. Staying where it is, is no move. */
export async function moveRequest(
  trx: Trx,
  ledger: Ledger,
  { requestId, to, at }: { requestId: string; to: RequestState; at?: Date },
): Promise<void> {
  const request = await trx
    .selectFrom('request')
    .select(['state', 'facilityId'])
    .where('id', '=', requestId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (request.state === to) return;
  if (!mayBecome(request.state, to))
    throw new CannotBeDone(`This request is ${request.state} and cannot become ${to}.`);
  await trx
    .updateTable('request')
    .set({ state: to, ...(at && { closedAt: at }) })
    .where('id', '=', requestId)
    .execute();
  tellRequest(ledger, { requestId, facilityId: request.facilityId, state: to });
}

/** Nothing is being sent for this request any more: it stands as before, unless it has been closed meanwhile. */
export async function reopenRequest(trx: Trx, ledger: Ledger, requestId: string): Promise<void> {
  const { state } = await trx
    .selectFrom('request')
    .select('state')
    .where('id', '=', requestId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const before = await stateBefore(trx, requestId);
  if (mayBecome(state, before)) await moveRequest(trx, ledger, { requestId, to: before });
}

async function stateBefore(trx: Trx, requestId: string): Promise<RequestState> {
  if (await hasConfirmed(trx, requestId)) return 'uploaded';
  return (await wasDeclined(trx, requestId)) ? 'declined' : 'opened';
}

async function hasConfirmed(trx: Trx, requestId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('upload')
    .select('id')
    .where('requestId', '=', requestId)
    .where('state', '=', 'confirmed')
    .executeTakeFirst();
  return row !== undefined;
}

function tellRequest(
  ledger: Ledger,
  { requestId, facilityId, state }: { requestId: string; facilityId: string; state: RequestState },
): void {
  const happening = { kind: 'request.changed', payload: { requestId, state } } as const;
  ledger.event({ topic: `request:${requestId}`, ...happening });
  ledger.event({ topic: `facility:${facilityId}`, ...happening });
}
