import { type Credentials, recognise } from '@filmpost/exchange/access/gate/commands.ts';
import type { Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { Moment } from './http/moment.ts';

const lately = new Moment<Visitor>({ ms: 900, most: 2_000 });

/**
 * Who reads, asked of the database at most once a moment: a viewer takes hundreds of frames a second with the same
 * papers. Together with the gate's own moment (dicomweb/admission.ts) a right withdrawn ends within two seconds
 * (threats T14). Whoever changes something is always looked up.
 */
export function recogniseReader(exchange: Exchange, credentials: Credentials): Promise<Visitor> {
  const { address, headers } = credentials;
  const papers = [exchange.publicUrl, address, headers.get('cookie'), headers.get('authorization')];
  return lately.recall(
    JSON.stringify(papers),
    () => recognise(exchange, credentials),
    exchange.now().getTime(),
  );
}
