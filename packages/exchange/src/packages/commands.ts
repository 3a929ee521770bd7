import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import { transact } from '../transaction.ts';

/** Writes down that exams leave, before the first byte does. */
export async function auditDownload(
  exchange: Exchange,
  granted: Granted<'share:download'>,
  { studyIds, bytes }: { studyIds: readonly string[]; bytes: number },
): Promise<void> {
  await transact(exchange, granted.actor, async (_trx, ledger) => {
    for (const studyId of studyIds) {
      ledger.audit({
        facilityId: granted.facilityId,
        action: 'study.downloaded',
        subject: { kind: 'study', id: studyId },
        detail: { shareId: granted.shareId, kind: 'zip', bytes },
      });
    }
  });
}
