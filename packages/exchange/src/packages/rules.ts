import type { ZipEntry } from '@filmpost/media/zip.ts';

/** Where an instance's bytes lie and what a ZIP must know of them beforehand. Sizes in bytes. */
export interface PackagedInstance {
  blobId: string;
  byteOffset: number;
  byteLength: number;
  crc32: number;
}

/** `IMAGES/DICOMS/IM1…`: eight characters at most and no extension, as media want it (PS3.10 8.2). */
export function zipEntries(instances: readonly PackagedInstance[], modified: Date): ZipEntry[] {
  return instances.map((instance, i) => ({
    name: `IMAGES/DICOMS/IM${i + 1}`,
    size: instance.byteLength,
    crc32: instance.crc32,
    modified,
  }));
}
