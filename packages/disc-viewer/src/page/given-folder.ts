/** Files as they come from a folder picker or from something dropped on the page. */

import type { GivenFile } from './finding-files.ts';

/** More than any disc holds; somebody dropped a whole computer. */
const MOST_FILES = 200_000;

export function pickedFiles(files: Iterable<File>): GivenFile<File>[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** Has to be called while the drop is handled; waits afterwards. Files that cannot be had are left out. */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile<File>[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const loose = pickedFiles(transfer.files);
  const given: GivenFile<File>[] = [];
  for (const entry of entries) await gather(entry, given);
  return given.length > 0 ? given : loose;
}

async function gather(entry: FileSystemEntry, given: GivenFile<File>[]): Promise<void> {
  if (given.length >= MOST_FILES) return;
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File | null>((give) => entry.file(give, () => give(null)));
    if (file) given.push({ path, file });
  }
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((give) => reader.readEntries(give, () => give([])));
    if (some.length === 0) return;
    for (const each of some) await gather(each, given);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
