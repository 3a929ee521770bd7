import { type ViewerFile, ViewerNotBuilt, constantFiles } from '@filmpost/disc-viewer/files.ts';

/** What the viewer that opens from a disc is on every disc, its page first; none where it was not built. */
export async function viewerThere(): Promise<readonly ViewerFile[]> {
  try {
    return await constantFiles();
  } catch (error) {
    if (error instanceof ViewerNotBuilt) return [];
    throw error;
  }
}

/** The page that shows the images, if there is one. */
export function viewerPage(files: readonly ViewerFile[]): string | null {
  return files.find(({ path }) => path.endsWith('.HTM'))?.path ?? null;
}
