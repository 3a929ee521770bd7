import { sql } from 'kysely';
import type { Exchange } from '../../exchange.ts';
import { RESTS_ON } from './rules.ts';
import type { Actor, Admissions, Capability, Subjects, Visitor } from './schema.ts';

type Found<C extends Capability> = { admission: Admissions[C]; by: Actor['kind']; sessionHash?: Buffer };
type Door<C extends Capability> = (
  exchange: Exchange,
  visitor: Visitor,
  subject: Subjects[C],
) => Promise<Found<C> | null>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function facilityWork(
  exchange: Exchange,
  visitor: Visitor,
  facility: string,
  roles: readonly string[],
) {
  const member = visitor.staff?.memberships.find((m) => m.slug === facility && roles.includes(m.role));
  if (member) return { admission: { facilityId: member.facilityId }, by: 'staff' as const };
  if (!visitor.operator) return null;
  const row = await exchange.db
    .selectFrom('facility')
    .select('id')
    .where('slug', '=', facility)
    .executeTakeFirst();
  return row ? { admission: { facilityId: row.id }, by: 'operator' as const } : null;
}

/** Staff of the owning facility, or the exchange itself. */
function minds(visitor: Visitor, facilityId: string): Actor['kind'] | null {
  if (visitor.staff?.memberships.some((m) => m.facilityId === facilityId)) return 'staff';
  return visitor.operator ? 'operator' : null;
}

async function uploadDoor(exchange: Exchange, visitor: Visitor, uploadId: string, capability: Capability) {
  if (!UUID.test(uploadId)) return null;
  const row = await exchange.db
    .selectFrom('upload')
    .leftJoin('request', 'request.id', 'upload.requestId')
    .select(['upload.facilityId', 'upload.requestId', 'upload.deviceId', 'upload.kind', 'request.closedAt'])
    .where('upload.id', '=', uploadId)
    .executeTakeFirst();
  if (!row) return null;
  const admission = { facilityId: row.facilityId, uploadId };
  const may = (kind: Actor['kind']) => RESTS_ON[capability].includes(kind);
  // A PIN opens its request until that is closed, and so does the session it gave.
  const asked = row.requestId === visitor.uploader?.requestId && row.closedAt === null;
  if (may('uploader') && visitor.uploader && asked) return { admission, by: 'uploader' as const };
  if (may('device') && visitor.device && row.deviceId === visitor.device.deviceId) {
    return { admission, by: 'device' as const };
  }
  const minder = minds(visitor, row.facilityId);
  if (capability === 'upload:write') {
    return minder === 'staff' && row.kind === 'staff' ? { admission, by: minder } : null;
  }
  return minder ? { admission, by: minder } : null;
}

async function shareView(exchange: Exchange, visitor: Visitor, shareId: string) {
  if (!visitor.recipient || visitor.recipient.shareId !== shareId) return null;
  const admission = await openShare(exchange, shareId);
  return admission && { admission, by: 'recipient' as const, sessionHash: visitor.recipient.sessionHash };
}

async function sharePull(exchange: Exchange, { shareKey }: Visitor, shareId: string) {
  if (!shareKey || shareKey.shareId !== shareId) return null;
  const share = await openShare(exchange, shareId);
  const confirmedOnly = true as const;
  return share && { admission: { ...share, keyId: shareKey.keyId, confirmedOnly }, by: 'share-key' as const };
}

async function openShare(exchange: Exchange, shareId: string) {
  const row = await exchange.db
    .selectFrom('share')
    .select('facilityId')
    .where('id', '=', shareId)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', exchange.now())
    .executeTakeFirst();
  return row ? { facilityId: row.facilityId, shareId } : null;
}

/** The gate's doors: how each capability is found to be somebody's. Null means no, for whatever reason. */
export const DOORS: { [C in Capability]: Door<C> } = {
  'facility:work': (exchange, visitor, { facility }) =>
    facilityWork(exchange, visitor, facility, ['clerk', 'administrator']),
  'facility:administer': (exchange, visitor, { facility }) =>
    facilityWork(exchange, visitor, facility, ['administrator']),
  'request:fulfil': async (exchange, visitor) => {
    if (!visitor.uploader) return null;
    const { requestId, sessionHash } = visitor.uploader;
    const row = await exchange.db
      .selectFrom('request')
      .select('facilityId')
      .where('id', '=', requestId)
      .where('closedAt', 'is', null)
      .executeTakeFirst();
    return row ? { admission: { facilityId: row.facilityId, requestId }, by: 'uploader', sessionHash } : null;
  },
  'request:watch': async (exchange, visitor, { requestId }) => {
    if (!UUID.test(requestId)) return null;
    const row = await exchange.db
      .selectFrom('request')
      .select('facilityId')
      .where('id', '=', requestId)
      .executeTakeFirst();
    const minder = row && minds(visitor, row.facilityId);
    return minder ? { admission: { facilityId: row.facilityId, requestId }, by: minder } : null;
  },
  'upload:write': (exchange, visitor, { uploadId }) =>
    uploadDoor(exchange, visitor, uploadId, 'upload:write'),
  'upload:read': (exchange, visitor, { uploadId }) => uploadDoor(exchange, visitor, uploadId, 'upload:read'),
  'upload:watch': (exchange, visitor, { uploadId }) =>
    uploadDoor(exchange, visitor, uploadId, 'upload:watch'),
  'share:view': (exchange, visitor, { shareId }) => shareView(exchange, visitor, shareId),
  'share:download': (exchange, visitor, { shareId }) => shareView(exchange, visitor, shareId),
  'share:pull': (exchange, visitor, { shareId }) => sharePull(exchange, visitor, shareId),
  'share:manage': async (exchange, visitor, { shareId }) => {
    if (!UUID.test(shareId)) return null;
    const row = await exchange.db
      .selectFrom('share')
      .select('facilityId')
      .where('id', '=', shareId)
      .executeTakeFirst();
    const minder = row && minds(visitor, row.facilityId);
    return minder ? { admission: { facilityId: row.facilityId, shareId }, by: minder } : null;
  },
  'archive:read': async (_exchange, visitor, { facility }) => {
    if (facility === null) {
      return visitor.device ? { admission: { facilityId: visitor.device.facilityId }, by: 'device' } : null;
    }
    const member = visitor.staff?.memberships.find((m) => m.slug === facility);
    return member ? { admission: { facilityId: member.facilityId }, by: 'staff' } : null;
  },
  'archive:store': async (_exchange, visitor) =>
    visitor.device ? { admission: { ...visitor.device }, by: 'device' } : null,
  'exchange:operate': async (_exchange, visitor) =>
    visitor.operator ? { admission: { facilityId: null }, by: 'operator' } : null,
};

/**
 * The session behind `tokenHash` while it lives. Moves its idle clock on, at most once a minute, unless nobody is
 * known to be there.
 */
export async function liveSession(
  exchange: Exchange,
  tokenHash: Buffer,
  { idleMinutes, unattended = false }: { idleMinutes: number; unattended?: boolean },
) {
  const now = exchange.now();
  const idleSince = new Date(now.getTime() - idleMinutes * 60_000);
  const row = await exchange.db
    .selectFrom('visitorSession')
    .leftJoin('request', 'request.id', 'visitorSession.requestId')
    .select(['kind', 'shareId', 'requestId', 'lastSeenAt', 'request.state as requestState'])
    .where('tokenHash', '=', tokenHash)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where('lastSeenAt', '>', idleSince)
    .executeTakeFirst();
  if (row && !unattended && now.getTime() - row.lastSeenAt.getTime() > 60_000) {
    await exchange.db
      .updateTable('visitorSession')
      .set({ lastSeenAt: sql<Date>`greatest(last_seen_at, ${now})` })
      .where('tokenHash', '=', tokenHash)
      .execute();
  }
  return row ?? null;
}
