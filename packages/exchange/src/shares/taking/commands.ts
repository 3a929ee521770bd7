import { type Granted, Refused } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { transact } from '../../transaction.ts';
import { type Taking, taking } from './schema.ts';

/**
 * Writes down that images leave by the recipient's own browser, which asks for this before it begins. Only exams that
 * are the facility's record may be taken (decision 4). @throws Refused when one of them may not
 */
export async function noteTaking(
  exchange: Exchange,
  granted: Granted<'share:download'>,
  input: Taking,
): Promise<void> {
  const { studyInstanceUids, kind } = taking.parse(input);
  const { shareId, facilityId, actor } = granted;
  const wanted = [...new Set(studyInstanceUids)];
  const studies = await exchange.db
    .selectFrom('study')
    .innerJoin('shareStudy', 'shareStudy.studyId', 'study.id')
    .select('study.id')
    .where('shareStudy.shareId', '=', shareId)
    .where('study.studyInstanceUid', 'in', wanted)
    .where('study.heldByUploadId', 'is', null)
    .execute();
  if (studies.length < wanted.length) throw new Refused();
  await transact(exchange, actor, async (_trx, ledger) => {
    for (const { id } of studies) {
      ledger.audit({
        facilityId,
        action: 'study.downloaded',
        subject: { kind: 'study', id },
        detail: { shareId, kind },
      });
    }
  });
}
