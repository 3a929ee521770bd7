import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { shareKeyUsed } from '@filmpost/exchange/access/share-keys/commands.ts';
import type { Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import type { Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { Moment } from '../moment.ts';
import type { Scope } from './target.ts';

/** A viewer asks for frames by the hundred. With the moment before it, a right withdrawn ends within two seconds. */
const lately = new Moment<Reading>({ ms: 900, most: 2_000 });

/** The gate's word on a reader, asked at most once a moment. @throws Refused */
export function admitReader(exchange: Exchange, visitor: Visitor, scope: Scope): Promise<Reading> {
  const { recipient, device, shareKey, staff, address } = visitor;
  const session = recipient?.sessionHash.toString('base64');
  const who = [session, device?.deviceId, shareKey?.keyId, staff?.userId, address];
  const key = JSON.stringify([...who, scope]);
  return lately.recall(key, () => ask(exchange, visitor, scope), exchange.now().getTime());
}

async function ask(exchange: Exchange, visitor: Visitor, scope: Scope): Promise<Reading> {
  if (scope.kind === 'share' && visitor.shareKey) {
    const granted = await admit(exchange, visitor, {
      capability: 'share:pull',
      subject: { shareId: scope.shareId },
    });
    await shareKeyUsed(exchange, granted);
    return granted;
  }
  if (scope.kind === 'share') {
    return admit(exchange, visitor, { capability: 'share:view', subject: { shareId: scope.shareId } });
  }
  const facility = scope.kind === 'facility' ? scope.facility : null;
  return admit(exchange, visitor, { capability: 'archive:read', subject: { facility } });
}
