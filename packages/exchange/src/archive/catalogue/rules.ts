import type { RecognisedInstance } from './schema.ts';

/** What the catalogue knows of a SOP Instance UID within one study. */
export interface KnownInstance {
  sopInstanceUid: string;
  sha256: Buffer;
  blobId: string;
  byteOffset: number;
}

export type Verdict = 'new' | 'again' | 'duplicate' | 'conflict';

/** `again` is the same blob catalogued before: a job that was interrupted after its commit runs twice. */
export function verdictOn(offered: RecognisedInstance, known: KnownInstance | undefined): Verdict {
  if (!known) return 'new';
  if (known.blobId === offered.blobId && known.byteOffset === offered.byteOffset) return 'again';
  return known.sha256.equals(offered.sha256) ? 'duplicate' : 'conflict';
}

/** Distinct values of `items` under `key`, the first of each, in the order of their keys. */
export function distinctBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  for (const item of items) if (!found.has(key(item))) found.set(key(item), item);
  // Sorted, so that two transactions lock the same rows in the same order.
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
