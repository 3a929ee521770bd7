import type { UploadProgress, UploadState } from '@filmpost/exchange/intake/schema.ts';
import { api } from '#lib/live/api.ts';
import { pauseBefore } from './pause.ts';
import { asked } from './tus-transport.ts';

/** Upload states in the order in which they come; news of an earlier one is old news. */
const ORDER: UploadState[] = ['open', 'sent', 'arrived', 'confirmed', 'withdrawn', 'abandoned'];
/** The first question comes after about two seconds: mostly the news has been told by then. */
const NO_HURRY = 2;

export function isOldNews(told: UploadProgress, known: UploadProgress | null): boolean {
  return known !== null && ORDER.indexOf(told.state) < ORDER.indexOf(known.state);
}

interface Waiting {
  hear(upload: UploadProgress): void;
  wanted(): boolean;
  signal: AbortSignal;
}

/**
 * Asks how an upload stands for as long as somebody wants to know. News comes by itself, but for networks that let
 * neither sockets nor streams through, and there nobody could ever confirm.
 */
export async function askMeanwhile(uploadId: string, { hear, wanted, signal }: Waiting): Promise<void> {
  for (let attempt = NO_HURRY; ; attempt++) {
    await pauseBefore(attempt, signal);
    if (signal.aborted || !wanted()) return;
    const answer = await asked(() => api().uploads.find.query({ uploadId })).catch(() => null);
    if (answer && wanted()) hear(answer.upload);
  }
}
