import type { DiscFile } from '../dicom/disc.ts';
import { type ZipContent, aZip } from './zip.ts';

/** A disc as somebody zipped it: every other file deflated. */
export function discZip(files: readonly Pick<DiscFile, 'path' | 'bytes'>[]): Buffer {
  return aZip(
    files.map(({ path, bytes }, at): ZipContent => ({ name: path, bytes, deflated: at % 2 === 0 })),
  );
}
