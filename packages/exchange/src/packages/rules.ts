import type { ZipEntry } from '@filmpost/media/zip.ts';
import { type Served, servedLength } from '../archive/reading/rules.ts';

/** Where an instance's bytes lie and what a ZIP must know of them beforehand: the CRC-32 of what leaves. */
export interface PackagedInstance extends Served {
  crc32: number;
}

/** `IMAGES/DICOMS/IM1…`: eight characters at most and no extension, as media want it (PS3.10 8.2). */
export function zipEntries(instances: readonly PackagedInstance[], modified: Date): ZipEntry[] {
  return instances.map((instance, i) => ({
    name: `IMAGES/DICOMS/IM${i + 1}`,
    size: servedLength(instance),
    crc32: instance.crc32,
    modified,
  }));
}
