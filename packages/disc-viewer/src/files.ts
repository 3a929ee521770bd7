/** Everything the viewer puts onto a disc. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { discScript } from './disc-script.ts';
import type { DiscManifest } from './manifest.ts';
import { quickStartGuide } from './quick-start-guide.ts';
import { webCopies } from './web-copies.ts';

/** A file below the root of a disc; `path` is of ISO 9660 level 1. */
export interface ViewerFile {
  path: string;
  bytes: Uint8Array;
}

/** The page has not been built. */
export class ViewerNotBuilt extends Error {
  override readonly name = 'ViewerNotBuilt';
}

/** Where `npm run build` leaves the page. */
export const builtPage = path.join(import.meta.dirname, '../../../.build/disc-viewer/VIEWER.HTM');

/** Where somebody finds what the viewer puts onto a disc. */
export const VIEWER_PAGE = 'VIEWER.HTM';
export const GUIDE = 'GUIDE.PDF';

let page: Promise<Uint8Array> | null = null;

/**
 * What is the same on every disc: `VIEWER.HTM` first, then `GUIDE.PDF`.
 *
 * @throws ViewerNotBuilt
 */
export async function constantFiles(): Promise<ViewerFile[]> {
  page ??= readFile(builtPage);
  const bytes = await page.catch(() => {
    page = null;
    throw new ViewerNotBuilt('The viewer for discs is not built: run "npm run build".');
  });
  return [
    { path: VIEWER_PAGE, bytes },
    { path: GUIDE, bytes: quickStartGuide() },
  ];
}

/**
 * The viewer as it lies on one disc: the constant files, `VIEWER/DISC.JS` with what is on this disc, and `IHE_PDI` where
 * the manifest has copies in web format. The same manifest gives the same bytes.
 *
 * @throws ViewerNotBuilt
 */
export async function viewerFiles(manifest: DiscManifest): Promise<ViewerFile[]> {
  const script = new TextEncoder().encode(discScript(manifest));
  return [...(await constantFiles()), { path: 'VIEWER/DISC.JS', bytes: script }, ...webCopies(manifest)];
}
