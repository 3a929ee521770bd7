import type { Granted } from '../access/gate/schema.ts';
import { CODE_ALPHABET, CODE_LENGTH, parseBirthDate } from '../access/codes/rules.ts';
import type { Exchange } from '../exchange.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { type Trx, transact } from '../transaction.ts';
import { randomSymbols } from '../vault.ts';
import { followRequest } from './following/commands.ts';
import { facilityPageExpiry } from './rules.ts';
import { type CreatedShare, type NewShare, newShare } from './schema.ts';

/**
 * Gives somebody access to exams: those named, or all that a request brings for its patient, also before the first
 * byte has come. The nine-character code is what is handed out.
 */
export async function createShare(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
  input: NewShare,
): Promise<CreatedShare> {
  const wanted = newShare.parse(input);
  const now = exchange.now();
  const code = randomSymbols(CODE_ALPHABET, CODE_LENGTH);
  const expiresAt = facilityPageExpiry(now);
  return transact(exchange, granted.actor, async (trx, ledger) => {
    const subject = wanted.requestId
      ? await patientOfRequest(trx, granted.facilityId, wanted.requestId)
      : await patientOfExams(trx, granted.facilityId, wanted);
    const { id } = await trx
      .insertInto('share')
      .values({
        facilityId: granted.facilityId,
        requestId: wanted.requestId ?? null,
        patientName: subject.patientName,
        patientBirthDate: subject.patientBirthDate,
        note: wanted.note,
        codeIndex: exchange.vault.index('code', code),
        codeSealed: exchange.vault.seal(code),
        createdBy: `${granted.actor.kind} ${granted.actor.id}`,
        createdAt: now,
        firstExpiresAt: expiresAt,
        expiresAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (subject.exams.length > 0) {
      await trx
        .insertInto('shareStudy')
        .values(subject.exams.map((exam) => ({ ...exam, shareId: id })))
        .execute();
    }
    if (wanted.requestId) await followRequest(trx, { shareId: id, requestId: wanted.requestId });
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'share.created',
      subject: { kind: 'share', id },
      detail: {
        exams: subject.exams.map((exam) => exam.studyInstanceUid),
        requestId: wanted.requestId ?? null,
      },
    });
    ledger.event({
      topic: `facility:${granted.facilityId}`,
      kind: 'share.changed',
      payload: { shareId: id, ended: false },
    });
    return { shareId: id, code, url: `${exchange.publicUrl}/view`, expiresAt: expiresAt.toISOString() };
  });
}

/** Effective immediately: the next byte asked for under this share is refused, and open pages are told. */
export async function revokeShare(exchange: Exchange, granted: Granted<'share:manage'>): Promise<void> {
  await transact(exchange, granted.actor, async (trx, ledger) => {
    const now = exchange.now();
    const row = await trx
      .updateTable('share')
      .set({ revokedAt: now })
      .where('id', '=', granted.shareId)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!row) return;
    await trx
      .updateTable('visitorSession')
      .set({ endedAt: now })
      .where('shareId', '=', granted.shareId)
      .where('endedAt', 'is', null)
      .execute();
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'share.revoked',
      subject: { kind: 'share', id: granted.shareId },
    });
    const happening = { kind: 'share.changed', payload: { shareId: granted.shareId, ended: true } } as const;
    ledger.event({ topic: `share:${granted.shareId}`, ...happening });
    ledger.event({ topic: `facility:${granted.facilityId}`, ...happening });
  });
}

interface SharedPatient {
  patientName: string;
  patientBirthDate: string;
  exams: { studyInstanceUid: string; studyId: string | null }[];
}

async function patientOfRequest(trx: Trx, facilityId: string, requestId: string): Promise<SharedPatient> {
  const request = await trx
    .selectFrom('request')
    .select(['patientName', 'patientBirthDate'])
    .where('id', '=', requestId)
    .where('facilityId', '=', facilityId)
    .executeTakeFirst();
  if (!request) throw new CannotBeDone('There is no such request at this facility.');
  return { ...request, exams: [] };
}

async function patientOfExams(
  trx: Trx,
  facilityId: string,
  { studyInstanceUids, birthDate }: { studyInstanceUids: string[]; birthDate?: string | undefined },
): Promise<SharedPatient> {
  if (studyInstanceUids.length === 0) throw new CannotBeDone('Choose at least one exam to share.');
  const exams = await trx
    .selectFrom('exam')
    .select(['studyInstanceUid', 'studyId', 'patientName', 'patientBirthDate', 'heldByUploadId'])
    .where('facilityId', '=', facilityId)
    .where('studyInstanceUid', 'in', studyInstanceUids)
    .orderBy('heldByUploadId', (order) => order.asc().nullsFirst())
    .execute();
  const chosen = studyInstanceUids.map((uid) => exams.find((exam) => exam.studyInstanceUid === uid));
  const found = chosen.filter((exam) => exam !== undefined);
  if (found.length < chosen.length) {
    throw new CannotBeDone(
      'One of these exams is not known at this facility. Check the Study Instance UIDs.',
    );
  }
  const known = birthDate
    ? parseBirthDate(birthDate)
    : found.find((exam) => exam.patientBirthDate)?.patientBirthDate;
  if (!known) {
    throw new CannotBeDone('These images carry no date of birth. Give the one that the recipient will type.');
  }
  return {
    patientName: found[0]?.patientName ?? '',
    patientBirthDate: known,
    exams: found.map((exam) => ({ studyInstanceUid: exam.studyInstanceUid ?? '', studyId: exam.studyId })),
  };
}
