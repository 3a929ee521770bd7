/** Files as they come from a folder picker or from something dropped on the page. */

import type { GivenFile } from './finding-files.ts';

/** More than any disc holds; somebody dropped a whole computer. */
const MOST_FILES = 200_000;

export function pickedFiles(files: Iterable<File>): GivenFile<File>[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** Chromium gives what is dropped on a page of a disc as handles alone; others know only entries. */
interface HandledItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** Has to be called while the drop is handled; waits afterwards. Files that cannot be had are left out. */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile<File>[]> {
  const items: HandledItem[] = [...transfer.items].filter(({ kind }) => kind === 'file');
  const handles = items.map((item) => item.getAsFileSystemHandle?.());
  const entries = items.map((item) => item.webkitGetAsEntry());
  const given: GivenFile<File>[] = [];
  for (const [index, entry] of entries.entries()) {
    const handle = await handles[index]?.catch(() => null);
    if (handle) await gatherHandle(handle, handle.name, given);
    else if (entry) await gather(entry, given);
  }
  return given;
}

async function gatherHandle(handle: FileSystemHandle, path: string, given: GivenFile<File>[]): Promise<void> {
  if (given.length >= MOST_FILES) return;
  if (isFileHandle(handle)) given.push({ path, file: await handle.getFile() });
  if (!isFolderHandle(handle)) return;
  for await (const each of handle.values()) await gatherHandle(each, `${path}/${each.name}`, given);
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

function isFileHandle(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

function isFolderHandle(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
