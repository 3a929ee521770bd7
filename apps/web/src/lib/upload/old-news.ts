import type { UploadProgress, UploadState } from '@filmpost/exchange/intake/schema.ts';

/** Upload states in the order in which they come; news of an earlier one is old news. */
const ORDER: UploadState[] = ['open', 'sent', 'arrived', 'confirmed', 'withdrawn', 'abandoned'];

export function isOldNews(told: UploadProgress, known: UploadProgress | null): boolean {
  return known !== null && ORDER.indexOf(told.state) < ORDER.indexOf(known.state);
}
