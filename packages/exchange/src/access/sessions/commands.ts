import type { Exchange } from '../../exchange.ts';

/** Ends a recipient's or uploader's session on the server; its cookie is worth nothing from then on. */
export async function endSession(exchange: Exchange, sessionHash: Buffer): Promise<void> {
  await exchange.db
    .updateTable('visitorSession')
    .set({ endedAt: exchange.now() })
    .where('tokenHash', '=', sessionHash)
    .execute();
}
