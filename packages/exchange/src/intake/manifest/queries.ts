import type { Database, Db } from '@filmpost/db/client.ts';
import { type Transaction, sql } from 'kysely';
import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import type { KnownFiles, Unverified } from './schema.ts';

type Reader = Db | Transaction<Database>;

/** The upload in whose name is asked. */
export interface Asking {
  id: string;
  kind: 'request' | 'staff' | 'device';
  facilityId: string;
  requestId: string | null;
}

/**
 * Which of these digests are there. An upload under a request knows of what the same request has brought, a facility's
 * own of the facility's record; both cost the same look for what is foreign and for what nobody has.
 */
export async function knownFiles(
  db: Reader,
  upload: Asking,
  digests: readonly Buffer[],
): Promise<KnownFiles> {
  const { rows } = await sql<{ sha256: Buffer; here: boolean }>`
    select sha256, true as here from upload_file
    where upload_id = ${upload.id} and state = 'verified' and sha256 = any(${digests})
    union
    select i.sha256, i.upload_id = ${upload.id} from instance i
    join study s on s.id = i.study_id join upload u on u.id = i.upload_id
    where i.sha256 = any(${digests}) and (i.upload_id = ${upload.id} or ${elsewhere(upload)})`.execute(db);
  const hexOf = (chosen: typeof rows) => chosen.map(({ sha256 }) => sha256.toString('hex'));
  const here = new Set(hexOf(rows.filter((row) => row.here)));
  return { here: [...here], elsewhere: [...new Set(hexOf(rows))].filter((digest) => !here.has(digest)) };
}

function elsewhere({ kind, facilityId, requestId }: Asking) {
  if (kind === 'request') return sql<boolean>`(u.request_id = ${requestId} and u.state = 'confirmed')`;
  if (kind === 'staff') return sql<boolean>`(s.facility_id = ${facilityId} and s.held_by_upload_id is null)`;
  return sql<boolean>`false`;
}

/** Whether a file was announced that is not verified. */
export async function hasUnverified(db: Reader, uploadId: string): Promise<boolean> {
  const row = await db
    .selectFrom('uploadFile')
    .select('uploadId')
    .where('uploadId', '=', uploadId)
    .where('state', '=', 'announced')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether anything was announced file by file: older clients and others' announce nothing. */
export async function hasManifest(db: Reader, uploadId: string): Promise<boolean> {
  const row = await db
    .selectFrom('uploadFile')
    .select('uploadId')
    .where('uploadId', '=', uploadId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** What this upload waits for before it can be finished. */
export async function unverifiedFiles(
  exchange: Exchange,
  granted: Granted<'upload:write'>,
): Promise<Unverified> {
  const blob = await exchange.db
    .selectFrom('blob')
    .select('id')
    .where('uploadId', '=', granted.uploadId)
    .where('state', 'in', ['receiving', 'received'])
    .limit(1)
    .executeTakeFirst();
  if (blob) return { checking: true, missing: [] };
  const rows = await exchange.db
    .selectFrom('uploadFile')
    .select('sha256')
    .where('uploadId', '=', granted.uploadId)
    .where('state', '=', 'announced')
    .limit(1000)
    .execute();
  return { checking: false, missing: rows.map(({ sha256 }) => sha256.toString('hex')) };
}

/** An upload of this person's that is still open and holds or awaits one of these files: the same disc, once more. */
export async function openUploadWith(
  db: Reader,
  { facilityId, openedBy }: { facilityId: string; openedBy: string },
  digests: readonly string[],
): Promise<string | null> {
  const row = await db
    .selectFrom('upload')
    .select('id')
    .where('facilityId', '=', facilityId)
    .where('kind', '=', 'staff')
    .where('openedBy', '=', openedBy)
    .where('state', '=', 'open')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('uploadFile')
          .select('sha256')
          .whereRef('uploadFile.uploadId', '=', 'upload.id')
          .where(
            'sha256',
            'in',
            digests.map((digest) => Buffer.from(digest, 'hex')),
          ),
      ),
    )
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}
