/** What kind of object an instance is, in words (PS3.4 Annex B.5). */

import { STORAGE_CLASSES } from './sop-classes.generated.ts';

const ROOT = '1.2.840.10008.5.1.4.';

const NAMES = new Map(STORAGE_CLASSES.map(([suffix, name]) => [ROOT + suffix, name]));

/** `CT Image`, `Encapsulated PDF`, …; null for a class that PS3.6 does not list. */
export function sopClassName(uid: string): string | null {
  return NAMES.get(uid) ?? null;
}
