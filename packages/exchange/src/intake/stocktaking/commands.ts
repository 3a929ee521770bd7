import type { Exchange } from '../../exchange.ts';
import { transact } from '../../transaction.ts';
import { STRANGE_AFTER_HOURS } from './rules.ts';

const actor = { kind: 'operator', id: 'intake', address: 'local' } as const;

/**
 * Compares one shelf of the blob folder with the books. A file that no row knows is removed once it is old enough. A
 * row whose file is gone is reported, once, and stays: a backup may bring the file back.
 */
export async function takeStock(exchange: Exchange, shelf: number): Promise<void> {
  const prefix = shelf.toString(16).padStart(2, '0');
  const rows = await exchange.db
    .selectFrom('blob')
    .innerJoin('upload', 'upload.id', 'blob.uploadId')
    .select(['blob.id', 'blob.state', 'blob.missingSince', 'upload.facilityId'])
    .where('blob.state', '<>', 'removed')
    .where('blob.id', '>=', prefix.padEnd(32, '0'))
    .where('blob.id', '<=', prefix.padEnd(32, 'f'))
    .execute();
  // The books first: whatever was in them then was on the disk before.
  const files = new Set(await exchange.blobs.list(shelf));
  for (const row of rows) {
    // What is on its way may have its row before its file.
    if (row.state === 'receiving') continue;
    if (!files.has(row.id) && !row.missingSince) await reportMissing(exchange, row);
    if (files.has(row.id) && row.missingSince) await noteFound(exchange, row.id);
  }
  const known = new Set(rows.map(({ id }) => id));
  await removeStrangers(
    exchange,
    [...files].filter((id) => !known.has(id)),
  );
}

async function reportMissing(
  exchange: Exchange,
  { id, facilityId }: { id: string; facilityId: string },
): Promise<void> {
  await transact(exchange, actor, async (trx, ledger) => {
    const row = await trx
      .updateTable('blob')
      .set({ missingSince: exchange.now() })
      .where('id', '=', id)
      .where('state', '<>', 'removed')
      .where('missingSince', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!row) return;
    console.error(`blob ${id} is in the books and not on the disk: bring it back from a backup`);
    ledger.audit({ facilityId, action: 'blob.missing', subject: { kind: 'blob', id } });
  });
}

async function noteFound(exchange: Exchange, id: string): Promise<void> {
  await exchange.db.updateTable('blob').set({ missingSince: null }).where('id', '=', id).execute();
}

async function removeStrangers(exchange: Exchange, ids: readonly string[]): Promise<void> {
  const before = exchange.now().getTime() - STRANGE_AFTER_HOURS * 60 * 60_000;
  let removed = 0;
  for (const id of ids) {
    const written = await exchange.blobs.writtenAt(id);
    if (!written || written.getTime() >= before) continue;
    await exchange.blobs.remove(id);
    removed += 1;
  }
  if (removed > 0) console.error(`removed ${removed} files that nothing in the books knows`);
}
