import type { Exchange } from '../../exchange.ts';
import { type Ledger, type Trx, transact } from '../../transaction.ts';
import { aToken } from '../../vault.ts';
import { recordAttempt } from '../attempts/commands.ts';
import { recentAttempts } from '../attempts/queries.ts';
import { SESSION_MINUTES } from '../gate/rules.ts';
import { Refused } from '../gate/schema.ts';
import {
  ADDRESS_FAILURES,
  addressMayTry,
  isFrozen,
  lockedUntil,
  normaliseCode,
  parseBirthDate,
} from './rules.ts';
import type { CodeEntry } from './schema.ts';

export interface OpenedShare {
  shareId: string;
  /** Goes into the visitor's cookie; stored only as its digest. */
  token: string;
  expiresAt: Date;
}

/**
 * Opens a share by security code and date of birth. Everything that is not exactly right, whether unknown, expired,
 * revoked, locked or mistyped, ends in the same `Refused`; wrong tries are counted in the database before that.
 */
export async function enterWithCode(
  exchange: Exchange,
  entry: CodeEntry,
  address: string,
): Promise<OpenedShare> {
  const code = normaliseCode(entry.code);
  const birthDate = parseBirthDate(entry.birthDate);
  const actor = { kind: 'anonymous', id: 'anonymous', address } as const;
  const opened = await transact(exchange, actor, async (trx, ledger) => {
    const bucket = `code:${address}`;
    const { failures, successes } = await recentAttempts(trx, {
      bucket,
      now: exchange.now(),
      minutes: ADDRESS_FAILURES.window,
    });
    if (!addressMayTry(failures, successes)) return null;
    const outcome = await tryCode(exchange, trx, { code, birthDate, ledger });
    await recordAttempt(trx, { bucket, now: exchange.now(), succeeded: outcome !== null });
    return outcome;
  });
  if (!opened) throw new Refused();
  return opened;
}

async function tryCode(
  exchange: Exchange,
  trx: Trx,
  given: { code: string | null; birthDate: string | null; ledger: Ledger },
): Promise<OpenedShare | null> {
  const now = exchange.now();
  const share = await trx
    .selectFrom('share')
    .selectAll()
    .where('codeIndex', '=', exchange.vault.index('code', given.code ?? ''))
    .forUpdate()
    .executeTakeFirst();
  const open = share && !share.revokedAt && share.expiresAt > now;
  if (!open || isFrozen(share.wrongBirthDates) || (share.lockedUntil && share.lockedUntil > now)) return null;
  const subject = { kind: 'share', id: share.id };
  if (share.patientBirthDate !== given.birthDate) {
    const wrong = share.wrongBirthDates + 1;
    const lock = lockedUntil(wrong, now);
    await trx
      .updateTable('share')
      .set({ wrongBirthDates: wrong, lockedUntil: lock })
      .where('id', '=', share.id)
      .execute();
    const action = lock ? 'code.locked' : 'code.refused';
    if (lock) tellSender(given.ledger, share);
    given.ledger.audit({
      facilityId: share.facilityId,
      action,
      outcome: 'refused',
      subject,
      detail: { wrong },
    });
    return null;
  }
  const { token, hash } = aToken();
  const expiresAt = new Date(now.getTime() + SESSION_MINUTES.recipient.absolute * 60_000);
  await trx
    .insertInto('visitorSession')
    .values({
      tokenHash: hash,
      kind: 'recipient',
      shareId: share.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
    })
    .execute();
  given.ledger.audit({
    facilityId: share.facilityId,
    action: 'share.opened',
    subject,
    detail: { session: hash.toString('hex').slice(0, 16) },
  });
  tellSender(given.ledger, share);
  return { shareId: share.id, token, expiresAt };
}

/** The desk that gave the code sees at once that it was opened, or that it rests. */
function tellSender(ledger: Ledger, share: { id: string; facilityId: string }): void {
  const payload = { shareId: share.id, ended: false };
  ledger.event({ topic: `facility:${share.facilityId}`, kind: 'share.changed', payload });
}
