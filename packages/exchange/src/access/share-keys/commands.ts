import type { Exchange } from '../../exchange.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import { type Trx, transact } from '../../transaction.ts';
import { randomToken, tokenHash } from '../../vault.ts';
import type { Granted } from '../gate/schema.ts';
import { MOST_LIVE_KEYS, SHARE_KEY_PREFIX, shareKeyExpiry } from './rules.ts';
import { type MadeShareKey, type NewShareKey, newShareKey } from './schema.ts';

/** How exactly the last use is kept. */
const USE_KEPT_MS = 60_000;

/** Makes a key by which a PACS reads the exams of this share. Whoever may take them away may have them pulled. */
export async function makeShareKey(
  exchange: Exchange,
  granted: Granted<'share:download'>,
  input: NewShareKey,
): Promise<MadeShareKey> {
  const { hours } = newShareKey.parse(input);
  const { shareId, facilityId, actor } = granted;
  const key = `${SHARE_KEY_PREFIX}${randomToken()}`;
  const now = exchange.now();
  return transact(exchange, actor, async (trx, ledger) => {
    const shareEnds = await endOfShare(trx, { shareId, now });
    const expiresAt = shareKeyExpiry(now, { hours, shareEnds });
    const { id: keyId } = await trx
      .insertInto('shareKey')
      .values({
        shareId,
        keyHash: tokenHash(key),
        createdBy: `${actor.kind} ${actor.id}`,
        createdAt: now,
        expiresAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    ledger.audit({
      facilityId,
      action: 'share-key.created',
      subject: { kind: 'share-key', id: keyId },
      detail: { shareId, expiresAt: expiresAt.toISOString() },
    });
    const root = `${exchange.publicUrl}/dicomweb/s/${shareId}`;
    return { keyId, key, root, expiresAt: expiresAt.toISOString() };
  });
}

/** The share's row is locked, so that two who make a key at once cannot both be the last one allowed. */
async function endOfShare(trx: Trx, { shareId, now }: { shareId: string; now: Date }): Promise<Date> {
  const share = await trx
    .selectFrom('share')
    .select('expiresAt')
    .where('id', '=', shareId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const live = await trx
    .selectFrom('shareKey')
    .select('id')
    .where('shareId', '=', shareId)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .execute();
  if (live.length >= MOST_LIVE_KEYS) {
    throw new CannotBeDone(`There are ${MOST_LIVE_KEYS} keys in use. Revoke one before you make another.`);
  }
  return share.expiresAt;
}

/** Effective within two seconds (decision 8); pressing twice does no harm. */
export async function revokeShareKey(
  exchange: Exchange,
  granted: Granted<'share:download'>,
  keyId: string,
): Promise<void> {
  const { shareId, facilityId, actor } = granted;
  await transact(exchange, actor, async (trx, ledger) => {
    const row = await trx
      .updateTable('shareKey')
      .set({ revokedAt: exchange.now() })
      .where('id', '=', keyId)
      .where('shareId', '=', shareId)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!row) return;
    ledger.audit({
      facilityId,
      action: 'share-key.revoked',
      subject: { kind: 'share-key', id: keyId },
      detail: { shareId },
    });
  });
}

/** Writes down that a key was used: the first time in the audit log, later ones in the list, to the minute. */
export async function shareKeyUsed(exchange: Exchange, granted: Granted<'share:pull'>): Promise<void> {
  const { keyId, shareId, facilityId, actor } = granted;
  const now = exchange.now();
  const known = await exchange.db
    .selectFrom('shareKey')
    .select('lastUsedAt')
    .where('id', '=', keyId)
    .executeTakeFirst();
  const lastUsedAt = known?.lastUsedAt ?? null;
  if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < USE_KEPT_MS) return;
  await transact(exchange, actor, async (trx, ledger) => {
    const updated = await trx
      .updateTable('shareKey')
      .set({ lastUsedAt: now })
      .where('id', '=', keyId)
      .where('lastUsedAt', lastUsedAt ? '=' : 'is', lastUsedAt)
      .executeTakeFirst();
    // Of two that come first at once, one finds it used already.
    if (lastUsedAt || updated.numUpdatedRows === 0n) return;
    ledger.audit({
      facilityId,
      action: 'share-key.used',
      subject: { kind: 'share-key', id: keyId },
      detail: { shareId },
    });
  });
}
