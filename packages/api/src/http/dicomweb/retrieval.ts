import type { InstanceAddress } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { json } from '../../answer.ts';
import type { Asking } from '../byte-range.ts';

/** What a client asked of the retrieve service, and under which root: `/dicomweb`, `/dicomweb/s/<share>` … */
export interface Retrieval {
  request: Asking;
  url: URL;
  root: string;
}

/** 406 with a sentence (PS3.18 8.7.5: none of the acceptable media types can be given). */
export function notAcceptable(
  sentence = 'What is stored cannot be given in the form that was asked for.',
): Response {
  return json(406, { error: sentence });
}

/** The absolute address of a resource, as parts name it in Content-Location (PS3.18 8.6.1.2). */
export function addressOf(
  exchange: Exchange,
  { root, request }: Retrieval,
  at: Partial<InstanceAddress>,
): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = at;
  const path = [
    ...(studyInstanceUid ? ['studies', studyInstanceUid] : []),
    ...(seriesInstanceUid ? ['series', seriesInstanceUid] : []),
    ...(sopInstanceUid ? ['instances', sopInstanceUid] : []),
  ];
  return [originOf(exchange, request) + root, ...path.map(encodeURIComponent)].join('/');
}

/** Where this client reached us: what it is given to follow must lead there again. */
export function originOf({ publicUrl }: Exchange, { headers }: Pick<Asking, 'headers'>): string {
  const host = headers.get('host') ?? '';
  const [scheme = 'http:'] = publicUrl.split('//', 1);
  return /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i.test(host) ? `${scheme}//${host}` : publicUrl;
}
