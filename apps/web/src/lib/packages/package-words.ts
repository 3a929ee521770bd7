import type { PackageKind, PackageProgress } from '@filmpost/exchange/packages/schema.ts';
import { type DiscKind, fitsOn } from '@filmpost/media/iso/capacity.ts';
import { formatBytes, formatTransfer } from '../ui/format.ts';

/** Few have drives for more than a DVD, so that beyond it the other way is named first. */
const INSTEAD = 'Too large for a DVD (4.7 GB): choose ZIP and carry it on a USB drive';
const DISCS: Record<DiscKind, string> = {
  CD: 'Fits on a CD (700 MB)',
  DVD: 'Fits on a DVD (4.7 GB)',
  'DVD-DL': `${INSTEAD}, or burn it on a double-layer DVD (8.5 GB)`,
  'Blu-ray': `${INSTEAD}, or burn it on a Blu-ray disc (25 GB)`,
};
const WINDOWS_READS = 2 ** 32;

/** What a package comes to: `8.2 MB`, and of a disk image what it can be burned on. */
export function packageWords({ kind, size }: Pick<PackageProgress, 'kind' | 'size'>): string {
  if (size === null) return '';
  if (kind === 'zip') return formatBytes(size);
  const disc = fitsOn(size);
  return `${formatBytes(size)} · ${disc === null ? INSTEAD : DISCS[disc]}`;
}

/** How far its making is: `1,200 of 2,000 images`. */
export function planningWords({
  planned,
  instances,
}: Pick<PackageProgress, 'planned' | 'instances'>): string {
  return formatTransfer({ done: planned, total: instances, noun: 'image' });
}

/** Where the file is to be found that the browser has begun to fetch. */
export function startedWords(kind: PackageKind): string {
  const file = kind === 'zip' ? 'ZIP file' : 'disk image';
  return `The browser shows its progress and puts the ${file} into your Downloads folder.`;
}

/** Windows reads only the beginning of such a file from a disk image. */
export function beyondWindows({ kind, largest }: Pick<PackageProgress, 'kind' | 'largest'>): boolean {
  return kind === 'iso' && largest >= WINDOWS_READS;
}
