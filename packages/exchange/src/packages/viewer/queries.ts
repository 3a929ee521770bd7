/** A file of the viewer as it lies in a package: level 1 names below the root. */
export interface ViewerFile {
  path: string;
  bytes: Uint8Array;
}

/** The files of the viewer that opens from a disc, its page (`….HTM`) first; none while there is no such viewer. */
export function viewerFiles(): readonly ViewerFile[] {
  return [];
}

/** The page that shows the images, if there is one. */
export function viewerPage(files: readonly ViewerFile[]): string | null {
  return files.find(({ path }) => path.endsWith('.HTM'))?.path ?? null;
}
