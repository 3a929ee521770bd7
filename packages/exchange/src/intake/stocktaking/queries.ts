import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { isOpen } from '../limits/rules.ts';

/** The disk, whether uploads may begin on it, and what should be there and is not. Sizes in bytes. */
export async function storageState(exchange: Exchange, _granted: Granted<'exchange:operate'>) {
  const disk = await exchange.blobs.disk();
  const missing = await exchange.db
    .selectFrom('blob')
    .select(['id', 'uploadId', 'size', 'missingSince'])
    .where('missingSince', 'is not', null)
    .where('state', '<>', 'removed')
    .orderBy('missingSince')
    .execute();
  return { ...disk, takesUploads: isOpen(disk, exchange.limits), missing };
}
