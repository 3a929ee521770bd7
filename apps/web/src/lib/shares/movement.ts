import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import type { Movement } from './exam-words.ts';

/** `STUCK_AFTER` of the product's rules: since the last byte received. */
export const STUCK_AFTER_MS = 30 * 60_000;
/** Where no pace is heard, packs may lie this far apart on a slow line without anything being wrong. */
const SILENT_AFTER_MS = 2 * 60_000;

export interface Signs {
  /** Milliseconds since the sender's last byte, as far as this page knows; null when nobody knows. */
  silentMs: number | null;
  /** Whether a pace is heard this very moment. */
  heard: boolean;
  /** Whether a pace was heard before and is silent now. */
  fellSilent: boolean;
}

export function movementOf(
  { state }: Pick<ExamProgress, 'state'>,
  { silentMs, heard, fellSilent }: Signs,
): Movement {
  if (heard || (state !== 'waiting' && state !== 'transferring')) return 'moving';
  if (silentMs !== null && silentMs >= STUCK_AFTER_MS) return 'stuck';
  return fellSilent || (silentMs !== null && silentMs >= SILENT_AFTER_MS) ? 'paused' : 'moving';
}
