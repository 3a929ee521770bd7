import type { Exchange } from '../../exchange.ts';
import { tokenHash } from '../../vault.ts';
import type { Granted, ShareKeyIdentity } from '../gate/schema.ts';
import { SHARE_KEY_PREFIX, shareKeyState } from './rules.ts';
import type { ListedShareKey } from './schema.ts';

/** Keys that are listed; older ones are in the audit log. */
const LISTED = 20;

/** Whose key this is, while it lives. Found by its digest, so no comparison of ours tells how much of it is right. */
export async function shareKeyIdentity(exchange: Exchange, key: string): Promise<ShareKeyIdentity | null> {
  if (!key.startsWith(SHARE_KEY_PREFIX)) return null;
  const row = await exchange.db
    .selectFrom('shareKey')
    .select(['id as keyId', 'shareId'])
    .where('keyHash', '=', tokenHash(key))
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', exchange.now())
    .executeTakeFirst();
  return row ?? null;
}

/** The keys of a share, newest first. */
export async function listShareKeys(
  exchange: Exchange,
  granted: Granted<'share:download'>,
): Promise<ListedShareKey[]> {
  const rows = await exchange.db
    .selectFrom('shareKey')
    .select(['id', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'])
    .where('shareId', '=', granted.shareId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(LISTED)
    .execute();
  const now = exchange.now();
  return rows.map((row) => ({
    keyId: row.id,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    state: shareKeyState(row, now),
  }));
}
