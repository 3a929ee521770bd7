import { transact } from '../../transaction.ts';
import type { Exchange } from '../../exchange.ts';
import { tokenHash } from '../../vault.ts';
import { shareKeyIdentity } from '../share-keys/queries.ts';
import { DOORS, liveSession } from './queries.ts';
import { ANONYMOUS, SESSION_MINUTES, actorOf, actorOfStranger, wordsOfStranger } from './rules.ts';
import {
  type Capability,
  type Granted,
  Refused,
  type StaffIdentity,
  type Subjects,
  type Visitor,
} from './schema.ts';

/** What a knock carries, as read from the wire and not yet believed. */
export interface Credentials {
  address: string;
  headers: Headers;
  recipientToken?: string | undefined;
  uploaderToken?: string | undefined;
  bearer?: string | undefined;
  /** Set where a page listens by itself: an open page alone must not keep a recipient's session from idling out. */
  unattended?: boolean | undefined;
}

/** Believes what can be proved: turns credentials into a visitor. Never refuses; strangers are visitors too. */
export async function recognise(exchange: Exchange, credentials: Credentials): Promise<Visitor> {
  const [staff, recipient, uploader, device, shareKey] = await Promise.all([
    staffIdentity(exchange, credentials.headers),
    credentials.recipientToken
      ? recipientIdentity(exchange, credentials.recipientToken, credentials.unattended)
      : null,
    credentials.uploaderToken ? uploaderIdentity(exchange, credentials.uploaderToken) : null,
    credentials.bearer ? deviceIdentity(exchange, credentials.bearer) : null,
    credentials.bearer ? shareKeyIdentity(exchange, credentials.bearer) : null,
  ]);
  return { ...ANONYMOUS, address: credentials.address, staff, recipient, uploader, device, shareKey };
}

/** The one gate. A proof that `visitor` may do `capability` to `subject`, or `Refused`, whatever the reason. */
export async function admit<C extends Capability>(
  exchange: Exchange,
  visitor: Visitor,
  ask: { capability: C; subject: Subjects[C] },
): Promise<Granted<C>> {
  const found = await DOORS[ask.capability](exchange, visitor, ask.subject);
  if (!found) {
    await auditRefusal(exchange, visitor, ask);
    throw new Refused();
  }
  const proof = {
    ...found.admission,
    actor: actorOf(visitor, found.by),
    sessionHash: found.sessionHash ?? null,
  };
  // The brand exists only for the compiler; this is the single place where it is put on.
  return proof as unknown as Granted<C>;
}

/** The visitor that the exchange's own processes are. */
export function operator(): Visitor {
  return { ...ANONYMOUS, address: 'local', operator: true };
}

/** Only knocks of somebody known are written down: noise of strangers must not grow the log without bound. */
async function auditRefusal(
  exchange: Exchange,
  visitor: Visitor,
  ask: { capability: Capability; subject: object },
): Promise<void> {
  const actor = actorOfStranger(visitor);
  if (actor.kind === 'anonymous') return;
  await transact(exchange, actor, async (_trx, ledger) => {
    ledger.audit({
      facilityId: visitor.device?.facilityId ?? visitor.staff?.memberships[0]?.facilityId ?? null,
      action: 'access.refused',
      outcome: 'refused',
      subject: { kind: 'capability', id: ask.capability },
      detail: wordsOfStranger(ask.subject),
    });
  });
}

async function staffIdentity(exchange: Exchange, headers: Headers): Promise<StaffIdentity | null> {
  if (!headers.get('cookie')?.includes('filmpost.session_token')) return null;
  const session = await exchange.staffAuth.api.getSession({ headers });
  if (!session) return null;
  const memberships = await exchange.db
    .selectFrom('staffMember')
    .innerJoin('facility', 'facility.id', 'staffMember.facilityId')
    .select([
      'facility.id as facilityId',
      'facility.slug',
      'facility.name as facilityName',
      'staffMember.role',
    ])
    .where('staffMember.userId', '=', session.user.id)
    .where('staffMember.disabledAt', 'is', null)
    .orderBy('facility.name')
    .execute();
  return { userId: session.user.id, name: session.user.name, memberships };
}

async function recipientIdentity(exchange: Exchange, token: string, unattended = false) {
  const hash = tokenHash(token);
  const session = await liveSession(exchange, hash, {
    idleMinutes: SESSION_MINUTES.recipient.idle,
    unattended,
  });
  return session?.shareId ? { sessionHash: hash, shareId: session.shareId } : null;
}

async function uploaderIdentity(exchange: Exchange, token: string) {
  const hash = tokenHash(token);
  const session = await liveSession(exchange, hash, { idleMinutes: SESSION_MINUTES.uploader.idle });
  if (!session?.requestId) return null;
  const { requestId, requestState: state } = session;
  const closed = state === 'cancelled' || state === 'imported' ? state : null;
  return { sessionHash: hash, requestId, closed };
}

async function deviceIdentity(exchange: Exchange, key: string) {
  const row = await exchange.db
    .selectFrom('device')
    .select(['id', 'facilityId'])
    .where('keyHash', '=', tokenHash(key))
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return row ? { deviceId: row.id, facilityId: row.facilityId } : null;
}
