/** Checks a package beside the page, which goes on answering meanwhile. Nothing it reads goes anywhere. */

import { UnreadableContainer } from '@filmpost/media/reading/refusals.ts';
import { type Progress, NoManifest, checkPackage } from './check-package.ts';
import { UnreadableManifest } from './manifest.ts';
import { packageFiles } from './package-files.ts';
import type { CheckAnswer, CheckQuestion } from './worker-messages.ts';

/** How often the page is told, in milliseconds: often enough to move, seldom enough to cost nothing. */
const TELL_EVERY = 100;
let toldAt = 0;

function tell(answer: CheckAnswer): void {
  self.postMessage(answer);
}

function onprogress(progress: Progress): void {
  const now = performance.now();
  if (now - toldAt < TELL_EVERY) return;
  toldAt = now;
  tell({ kind: 'progress', progress });
}

self.onmessage = async ({ data: { picked, keys } }: MessageEvent<CheckQuestion>) => {
  try {
    tell({ kind: 'checked', check: await checkPackage(await packageFiles(picked), { keys, onprogress }) });
  } catch (error) {
    tell({ kind: 'refused', sentence: error instanceof NoManifest ? null : sentenceOf(error) });
  }
};

function sentenceOf(error: unknown): string {
  if (error instanceof UnreadableContainer || error instanceof UnreadableManifest) return error.message;
  return 'It could not be read. Check that the disc or drive is still there, then choose it again.';
}
