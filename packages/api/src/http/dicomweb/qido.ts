import type { Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import { auditSearch } from '@filmpost/exchange/archive/search/commands.ts';
import { findMatches } from '@filmpost/exchange/archive/search/queries.ts';
import type { Place } from '@filmpost/exchange/archive/search/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse } from '../../answer.ts';
import { accepted, negotiate } from './accept.ts';
import { DESCRIBED, ONLY_DESCRIBED, XML, xmlParts } from './described.ts';
import { questionOf } from './qido-query.ts';
import { resultsJson } from './qido-results.ts';
import { type Retrieval, notAcceptable, originOf } from './retrieval.ts';

/** QIDO-RS (PS3.18 10.6): what the reader may see and what matches, newest study first; 204 when that is nothing. */
export async function searchFor(
  exchange: Exchange,
  reading: Reading,
  { place, request, url, root }: Retrieval & { place: Place },
): Promise<Response> {
  const offer = negotiate(accepted(request, url), DESCRIBED);
  if (!offer) return notAcceptable(ONLY_DESCRIBED);
  const question = questionOf(url.searchParams, place);
  await auditSearch(exchange, reading);
  const studies = `${originOf(exchange, request)}${root}/studies`;
  const found =
    question.most === 0 ? [] : await findMatches(exchange, reading, { search: question.search, studies });
  const warnings = [...question.warnings];
  if (question.isBounded && found.length > question.most) {
    found.length = question.most;
    warnings.push(`There are more results than ${question.most}: ask for the others with offset.`);
  }
  const headers = new Headers({ 'content-type': offer.type, 'cache-control': 'private, no-store' });
  if (warnings.length > 0)
    headers.set('warning', warnings.map((each) => `299 filmpost "${each}"`).join(', '));
  if (found.length === 0) return new BytesResponse(null, { status: 204, headers });
  const json = Buffer.from(resultsJson(found, question));
  if (offer.type !== XML) return new BytesResponse(json, { status: 200, headers });
  const { contentType, body } = xmlParts(json);
  headers.set('content-type', contentType);
  return new BytesResponse(body, { status: 200, headers });
}
