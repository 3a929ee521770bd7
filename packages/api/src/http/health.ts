import { sql } from 'kysely';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { json } from '../answer.ts';

/** 200 once the exchange can do its work, 503 with the reason while it cannot. */
export async function health(exchange: Exchange): Promise<Response> {
  const headers = { 'cache-control': 'no-store' };
  try {
    await sql`select 1`.execute(exchange.db);
    return json(200, { status: 'ok' }, headers);
  } catch {
    return json(503, { status: 'unavailable', reason: 'The database does not answer.' }, headers);
  }
}
