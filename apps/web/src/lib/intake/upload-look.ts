import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { formatCount, formatPace, formatTimeLeft, formatTransfer } from '#lib/ui/format.ts';
import type { State } from '#lib/ui/states.ts';
import { DUPLICATE } from './reasons.ts';

/** Minutes without a byte after which a transfer is called stuck (features A.13, STUCK_AFTER). */
const STUCK_AFTER_MS = 30 * 60_000;
/** Silence after which the sender's line is taken to be paused; a slow pack takes less. */
const PAUSED_AFTER_MS = 60_000;
/** A device says nothing at the end of a study; after this long it is taken to have finished one. */
const DEVICE_QUIET_MS = 20_000;

export interface Look {
  state: State;
  /** Where the state's own word is not the right one. */
  word?: string;
}

/** How long nothing has come, in milliseconds. */
function silence({ lastByteAt, createdAt }: UploadProgress, now: Date): number {
  return now.getTime() - Date.parse(lastByteAt ?? createdAt);
}

/** An upload's state in the desk's words. `moving`: its pace is heard just now. */
export function uploadLook(upload: UploadProgress, { now, moving }: { now: Date; moving: boolean }): Look {
  switch (upload.state) {
    case 'open':
      return openLook(upload, { now, moving });
    case 'sent':
      return { state: 'processing' };
    case 'arrived':
      return { state: 'waiting', word: 'Waiting for Confirm' };
    case 'confirmed':
      return upload.kind === 'request' ? { state: 'confirmed' } : { state: 'ready', word: 'Arrived' };
    case 'withdrawn':
      return { state: 'cancelled', word: 'Withdrawn' };
    case 'abandoned':
      return { state: 'expired', word: 'Given up' };
  }
}

function openLook(upload: UploadProgress, { now, moving }: { now: Date; moving: boolean }): Look {
  if (moving) return { state: 'transferring' };
  const quiet = silence(upload, now);
  if (upload.kind === 'device') {
    return quiet < DEVICE_QUIET_MS ? { state: 'transferring' } : { state: 'ready', word: 'Arrived so far' };
  }
  if (upload.lastByteAt === null && quiet < STUCK_AFTER_MS) {
    return { state: 'waiting', word: upload.filesToSend > 0 ? 'About to begin' : 'Looking at the disc' };
  }
  if (quiet >= STUCK_AFTER_MS) return { state: 'stuck' };
  return quiet >= PAUSED_AFTER_MS ? { state: 'paused', word: 'Paused by sender' } : { state: 'transferring' };
}

/** Whether bytes may still come, so that a bar says more than a count. */
export function isUnderWay(upload: UploadProgress): boolean {
  return upload.kind !== 'device' && (upload.state === 'open' || upload.state === 'sent');
}

/** What is heard of an upload's speed just now. */
export interface Pacing {
  bytesPerSecond: number;
  bytesInFlight: number;
}

export interface BarNumbers {
  value: number;
  max: number;
  detail: string;
}

/** The bar of an upload under way: bytes move it smoothly, images tell it. */
export function barNumbers(upload: UploadProgress, pacing: Pacing | null): BarNumbers {
  const max = upload.bytesToSend;
  const value = Math.min(max, upload.bytesReceived + (pacing?.bytesInFlight ?? 0));
  const pace = pacing?.bytesPerSecond;
  return {
    value,
    max,
    detail: formatTransfer({
      done: Math.min(upload.instancesArrived, upload.filesToSend),
      total: upload.filesToSend,
      noun: 'image',
      ...(pace && { bytesPerSecond: pace, secondsLeft: (max - value) / pace }),
    }),
  };
}

/** The numbers without a bar: what has come, and how fast. */
export function arrivedText(upload: UploadProgress, pacing: Pacing | null): string {
  const arrived = formatCount(upload.instancesArrived, 'image');
  return pacing ? `${arrived} · ${formatPace(pacing.bytesPerSecond)}` : arrived;
}

/** When a silent transfer was last heard of: `Nothing has come for about 12 min.` Empty while there is no need. */
export function silenceText(upload: UploadProgress, now: Date): string {
  const quiet = silence(upload, now);
  if (upload.state !== 'open' || upload.kind === 'device' || upload.lastByteAt === null) return '';
  return quiet < PAUSED_AFTER_MS ? '' : `Nothing has come for ${formatTimeLeft(quiet / 1000)}.`;
}

/** Files that became no part of an exam and want a look; images that came before are not among them. */
export function setAsideCount({ setAside }: UploadProgress): number {
  return setAside.reduce((sum, { reason, files }) => sum + (reason === DUPLICATE ? 0 : files), 0);
}
