import { packageDownload } from '#lib/paths.ts';
import type { From } from './package-asking.svelte.ts';

/** A link followed by the browser itself: it streams to the disk, shows its own progress and can resume. */
export function startDownload(from: From, packageId: string): void {
  const link = document.createElement('a');
  link.href = packageDownload(from, packageId);
  link.download = '';
  link.click();
}
