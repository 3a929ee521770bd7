import {
  GUIDE,
  VIEWER_PAGE,
  type ViewerFile,
  ViewerNotBuilt,
  constantFiles,
} from '@filmpost/disc-viewer/files.ts';
import { COPIES_PAGE } from '@filmpost/disc-viewer/web-copies.ts';

/** What the viewer that opens from a disc is on every disc, its page first; none where it was not built. */
export async function viewerThere(): Promise<readonly ViewerFile[]> {
  try {
    return await constantFiles();
  } catch (error) {
    if (error instanceof ViewerNotBuilt) return [];
    throw error;
  }
}

/** What people are led to, as far as it is among the files. */
export function entriesOf(files: readonly ViewerFile[]) {
  const there = (path: string) => (files.some((file) => file.path === path) ? path : null);
  return { viewer: there(VIEWER_PAGE), guide: there(GUIDE), copies: there(COPIES_PAGE) };
}
