import { sql } from 'kysely';
import type { Granted } from '../access/gate/schema.ts';
import { tellExams } from '../archive/exams/commands.ts';
import { releaseHeldStudies, removeHeldStudies } from '../archive/holding/commands.ts';
import type { Exchange } from '../exchange.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { moveRequest, reopenRequest } from '../requests/commands.ts';
import { followAnnounced } from '../shares/following/commands.ts';
import { type Ledger, type Trx, transact } from '../transaction.ts';
import { announcementFits, mayBegin } from './limits/commands.ts';
import { forgetDamage } from './manifest/commands.ts';
import { hasManifest, hasUnverified, openUploadWith } from './manifest/queries.ts';
import { forgetExams, forgetUnsent, noteExams, recountInstances } from './monitor/commands.ts';
import { openDeviceUpload, progressWithin } from './queries.ts';
import { uploadCan } from './rules.ts';
import { stateSender } from './senders/commands.ts';
import type { StatedSender } from './senders/schema.ts';
import { type Manifest, type UploadProgress, manifest as manifestSchema } from './schema.ts';

/** The job that looks whether an upload whose bytes are all sent has been understood completely. */
export const SETTLE_UPLOAD = 'settle-upload';
/** The job that finds what got stuck and removes bytes that belong to nothing. */
export const SWEEP_INTAKE = 'sweep-intake';

type Writer = Granted<'upload:write'>;

/** Opens the upload of a request, or finds the one under way: another browser or colleague continues it. */
export async function openRequestUpload(
  exchange: Exchange,
  granted: Granted<'request:fulfil'>,
  sender: StatedSender = {},
): Promise<UploadProgress> {
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const upload = await openOrContinue(exchange, { trx, ledger }, granted);
    await stateSender(exchange, { trx, ledger }, { granted, uploadId: upload.uploadId, sender });
    return upload;
  });
}

async function openOrContinue(
  exchange: Exchange,
  { trx, ledger }: { trx: Trx; ledger: Ledger },
  granted: Granted<'request:fulfil'>,
): Promise<UploadProgress> {
  await trx.selectFrom('request').select('id').where('id', '=', granted.requestId).forUpdate().execute();
  const current = await trx
    .selectFrom('upload')
    .select('id')
    .where('requestId', '=', granted.requestId)
    .where('state', 'in', ['open', 'sent', 'arrived'])
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
  if (current) return progressWithin(trx, current.id);
  await moveRequest(trx, ledger, { requestId: granted.requestId, to: 'uploading' });
  return openUpload(exchange, { trx, ledger }, { granted, kind: 'request', requestId: granted.requestId });
}

/**
 * Opens an upload of the facility's own staff: a disc at the front desk. Somebody who comes back with a disc whose files
 * an open upload of theirs holds or awaits continues that one.
 *
 * @param digests of some files of the disc: those that are sent first
 */
export async function openStaffUpload(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
  digests: readonly string[] = [],
): Promise<UploadProgress> {
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const owner = { facilityId: granted.facilityId, openedBy: openerOf(granted) };
    const current = digests.length > 0 ? await openUploadWith(trx, owner, digests) : null;
    if (current !== null) return progressWithin(trx, current);
    return openUpload(exchange, { trx, ledger }, { granted, kind: 'staff' });
  });
}

function openerOf({ actor }: { actor: { kind: string; id: string } }): string {
  return `${actor.kind} ${actor.id}`;
}

/** The rolling upload under which a device pushes; one at a time, closed when the device falls silent. */
export async function deviceUpload(exchange: Exchange, granted: Granted<'archive:store'>): Promise<string> {
  const current = await openDeviceUpload(exchange.db, granted.deviceId);
  if (current) return current.id;
  return transact(exchange, granted.actor, async (trx, ledger) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${granted.deviceId}, 4))`.execute(trx);
    // Within the transaction: one that waits for a second connection can wait for ever.
    const again = await openDeviceUpload(trx, granted.deviceId);
    return (
      again?.id ??
      (await openUpload(exchange, { trx, ledger }, { granted, kind: 'device', deviceId: granted.deviceId }))
        .uploadId
    );
  });
}

async function openUpload(
  exchange: Exchange,
  { trx, ledger }: { trx: Trx; ledger: Ledger },
  how: {
    granted: { facilityId: string; actor: { kind: string; id: string } };
    kind: 'request' | 'staff' | 'device';
    requestId?: string;
    deviceId?: string;
  },
): Promise<UploadProgress> {
  const { granted, ...columns } = how;
  await mayBegin(exchange, trx, { facilityId: granted.facilityId, requestId: how.requestId });
  const { id } = await trx
    .insertInto('upload')
    .values({
      ...columns,
      facilityId: granted.facilityId,
      openedBy: openerOf(granted),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  ledger.audit({ facilityId: granted.facilityId, action: 'upload.opened', subject: { kind: 'upload', id } });
  return tellUpload(trx, ledger, id);
}

/** Records what the browser found on the disc; may be repeated while the upload is open. */
export async function announce(
  exchange: Exchange,
  granted: Writer,
  input: Manifest,
): Promise<UploadProgress> {
  const { exams, leftOut, ...totals } = manifestSchema.parse(input);
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const upload = await lockUpload(trx, granted.uploadId, 'announce');
    await announcementFits(exchange, upload, totals);
    await trx
      .updateTable('upload')
      .set({ ...totals, leftOut: JSON.stringify(leftOut) })
      .where('id', '=', granted.uploadId)
      .execute();
    await trx.deleteFrom('announcedExam').where('uploadId', '=', granted.uploadId).execute();
    await forgetUnsent(trx, granted.uploadId);
    await noteExams(trx, granted.uploadId, exams);
    if (exams.length > 0) {
      await trx
        .insertInto('announcedExam')
        .values(exams.map((exam) => ({ ...exam, uploadId: granted.uploadId })))
        .execute();
    }
    await followAnnounced(trx, granted.uploadId);
    await tellExamsOf(trx, ledger, granted.uploadId);
    return tellUpload(trx, ledger, granted.uploadId);
  });
}

/** The client has sent everything. Whether everything is understood is for `settleUpload` to see. */
export async function finishUpload(exchange: Exchange, granted: Writer): Promise<UploadProgress> {
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const upload = await lockUpload(trx, granted.uploadId, null);
    if (upload.state !== 'open') return progressWithin(trx, granted.uploadId);
    const unfinished = await trx
      .selectFrom('blob')
      .select('id')
      .where('uploadId', '=', granted.uploadId)
      .where('state', '=', 'receiving')
      .executeTakeFirst();
    if (unfinished) throw new CannotBeDone('Some files are still on their way. They continue by themselves.');
    if (await hasUnverified(trx, granted.uploadId))
      throw new CannotBeDone('Some files are still being checked, or come once more.');
    if (await hasManifest(trx, granted.uploadId)) await forgetDamage(trx, granted.uploadId);
    await trx
      .updateTable('upload')
      .set({ state: 'sent', sentAt: exchange.now() })
      .where('id', '=', granted.uploadId)
      .execute();
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'upload.sent',
      subject: { kind: 'upload', id: granted.uploadId },
    });
    ledger.job(SETTLE_UPLOAD, { uploadId: granted.uploadId });
    await tellExamsOf(trx, ledger, granted.uploadId);
    return tellUpload(trx, ledger, granted.uploadId);
  });
}

/**
 * Confirm: hands over. Only now do the exams belong to the facility's record (features 101).
 * Pressing twice is answered with what is.
 */
export async function confirmUpload(exchange: Exchange, granted: Writer): Promise<UploadProgress> {
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const upload = await lockUpload(trx, granted.uploadId, null);
    if (upload.state === 'confirmed') return progressWithin(trx, granted.uploadId);
    if (upload.state === 'withdrawn' || upload.state === 'abandoned') throw closedAlready();
    if (!uploadCan('confirm', upload.state)) {
      throw new CannotBeDone(
        'This upload has not arrived completely yet. Confirm appears as soon as it has.',
      );
    }
    await closeUpload(trx, ledger, { uploadId: granted.uploadId, state: 'confirmed', at: exchange.now() });
    if (upload.requestId) await moveRequest(trx, ledger, { requestId: upload.requestId, to: 'uploaded' });
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'upload.confirmed',
      subject: { kind: 'upload', id: granted.uploadId },
    });
    return tellUpload(trx, ledger, granted.uploadId);
  });
}

/**
 * Takes a wrong upload back before Confirm: exams vanish at once, bytes by the sweeper that is sent for. What staff and
 * devices bring is in the record as soon as it is understood, and others may count on it: a colleague with the same
 * disc was told that it need not be sent.
 */
export async function withdrawUpload(exchange: Exchange, granted: Writer): Promise<UploadProgress> {
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const { requestId, kind, instancesArrived } = await lockUpload(trx, granted.uploadId, 'withdraw');
    if (kind !== 'request' && instancesArrived > 0) {
      throw new CannotBeDone(
        'Images of this upload are in the record already, so it can no longer be taken back as a whole.',
      );
    }
    await closeUpload(trx, ledger, { uploadId: granted.uploadId, state: 'withdrawn', at: exchange.now() });
    if (requestId) await reopenRequest(trx, ledger, requestId);
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'upload.withdrawn',
      subject: { kind: 'upload', id: granted.uploadId },
    });
    ledger.job(SWEEP_INTAKE, {});
    return tellUpload(trx, ledger, granted.uploadId);
  });
}

/** Ends an upload: what it held becomes the facility's (confirmed), or is removed (anything else). */
export async function closeUpload(
  trx: Trx,
  ledger: Ledger,
  { uploadId, state, at }: { uploadId: string; state: 'confirmed' | 'withdrawn' | 'abandoned'; at: Date },
): Promise<void> {
  const { facilityId } = await trx
    .updateTable('upload')
    .set({ state, closedAt: at })
    .where('id', '=', uploadId)
    .returning('facilityId')
    .executeTakeFirstOrThrow();
  if (state === 'confirmed') {
    await releaseHeldStudies(trx, ledger, { uploadId, facilityId });
    await recountInstances(trx, uploadId);
    return;
  }
  await removeHeldStudies(trx, ledger, { uploadId, facilityId });
  await forgetExams(trx, uploadId);
}

async function lockUpload(trx: Trx, uploadId: string, verb: 'announce' | 'withdraw' | null) {
  const upload = await trx
    .selectFrom('upload')
    .selectAll()
    .where('id', '=', uploadId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (verb && !uploadCan(verb, upload.state)) throw closedAlready();
  return upload;
}

const closedAlready = () => new CannotBeDone('This upload is closed already.');

export async function tellExamsOf(trx: Trx, ledger: Ledger, uploadId: string): Promise<void> {
  const upload = await trx
    .selectFrom('upload')
    .select(['facilityId', 'kind'])
    .where('id', '=', uploadId)
    .executeTakeFirstOrThrow();
  const exams = await trx
    .selectFrom('exam')
    .select('studyInstanceUid')
    .where('facilityId', '=', upload.facilityId)
    .where('feedingUploadId', '=', uploadId)
    .execute();
  await tellExams(trx, ledger, {
    facilityId: upload.facilityId,
    studyInstanceUids: exams.map((exam) => exam.studyInstanceUid ?? ''),
    heldByUploadId: upload.kind === 'request' ? uploadId : null,
  });
}

export async function tellUpload(trx: Trx, ledger: Ledger, uploadId: string): Promise<UploadProgress> {
  const upload = await progressWithin(trx, uploadId);
  const { facilityId } = await trx
    .selectFrom('upload')
    .select('facilityId')
    .where('id', '=', uploadId)
    .executeTakeFirstOrThrow();
  const happening = { kind: 'upload.changed', payload: { upload } } as const;
  ledger.event({ topic: `facility:${facilityId}`, ...happening });
  ledger.event({ topic: `upload:${uploadId}`, ...happening });
  if (upload.requestId) ledger.event({ topic: `request:${upload.requestId}`, ...happening });
  return upload;
}
