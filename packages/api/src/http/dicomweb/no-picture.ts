import type { NoPicture, RefusalReason } from '@filmpost/imaging/rendering.ts';
import { json, notHere } from '../../answer.ts';
import { notAcceptable } from './retrieval.ts';

const STATUS: Partial<Record<RefusalReason, number>> = { 'no-such-region': 400, 'too-slow': 504, died: 500 };

/**
 * A picture that there is not, in a sentence: 406 where it could be had in no form (PS3.18 8.7.5).
 * @param instead a sentence on what may be asked for instead
 */
export function noPictureResponse({ reason, message: why }: NoPicture, instead?: string): Response {
  const message = instead === undefined ? why : `${why} ${instead}`;
  if (reason === 'no-such-frame') return notHere();
  if (reason === 'busy') return json(503, { error: message }, { 'retry-after': '3' });
  const status = STATUS[reason];
  return status ? json(status, { error: message }) : notAcceptable(message);
}
