import type { InstanceAddress } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { json } from '../../answer.ts';

/** What a client asked of the retrieve service, and under which root: `/dicomweb`, `/dicomweb/s/<share>` … */
export interface Retrieval {
  request: Request;
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
export function addressOf(exchange: Exchange, { root }: Retrieval, at: Partial<InstanceAddress>): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = at;
  const path = [
    ...(studyInstanceUid ? ['studies', studyInstanceUid] : []),
    ...(seriesInstanceUid ? ['series', seriesInstanceUid] : []),
    ...(sopInstanceUid ? ['instances', sopInstanceUid] : []),
  ];
  return [exchange.publicUrl + root, ...path.map(encodeURIComponent)].join('/');
}
