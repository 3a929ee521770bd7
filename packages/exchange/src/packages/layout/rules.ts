import { planIso } from '@filmpost/media/iso/iso.ts';
import type { Layout } from '@filmpost/media/layout.ts';
import { planZip } from '@filmpost/media/zip.ts';
import { SOFTWARE, VOLUME_ID } from '../disc/rules.ts';
import type { PlannedSource } from '../parts/rules.ts';
import type { PackageKind } from '../schema.ts';

/** A file of a package before it has its place. */
export interface PlannedFile {
  /** Level 1 names. */
  path: string;
  longPath?: string | undefined;
  size: number;
  crc32: number;
  source: PlannedSource;
}

/** What the package says of itself, in either format. */
export interface PackageLabel {
  created: Date;
  institution: string;
}

/** The whole of a package: where each byte comes from. */
export function layoutOf(kind: PackageKind, files: readonly PlannedFile[], label: PackageLabel): Layout {
  if (kind === 'zip') {
    return planZip(
      files.map(({ path, longPath, size, crc32 }) => ({
        name: longPath ?? path,
        size,
        crc32,
        modified: label.created,
      })),
    );
  }
  return planIso(
    files.map(({ path, longPath, size }) => ({ path, size, ...(longPath && { longName: longPath }) })),
    {
      volumeId: VOLUME_ID,
      created: label.created,
      publisher: label.institution,
      application: SOFTWARE.toUpperCase(),
    },
  );
}
