import { breathe } from './breathe.ts';

/** A file and where it lay, relative to what was chosen: `DICOM/PAT1/IM00001`. */
export interface PickedFile {
  file: File;
  path: string;
}

/**
 * Each file keeps the page waiting for the browser for a millisecond or so, and meanwhile the answers about others come
 * in, all of which are taken in one go: so a few are asked for, and then somebody may click.
 */
const ASKED_AT_ONCE = 10;
/** Files whose paths are looked at before the page takes a breath. */
const LOOKED_AT_ONCE = 1000;

/**
 * What an `<input type="file">` holds, with or without a folder around it. The list itself is read before this returns:
 * an input may be emptied right after.
 */
export async function pickedFiles(list: Iterable<File>): Promise<PickedFile[]> {
  const picked: PickedFile[] = [];
  for (const [at, file] of [...list].entries()) {
    if (at % LOOKED_AT_ONCE === 0) await breathe();
    picked.push({ file, path: file.webkitRelativePath || file.name });
  }
  return picked;
}

/**
 * Everything that was dropped, folders walked to the bottom (File and Directory Entries API).
 * Call it in the drop event itself: a browser empties the transfer right after. Rejects with the browser's DOMException
 * when a file cannot be read, for example because the disc was taken out.
 *
 * @param tell is told how many files there are so far
 */
export async function droppedFiles(
  transfer: DataTransfer,
  tell: (files: number) => void = () => undefined,
): Promise<PickedFile[]> {
  const items = Array.from(transfer.items, (item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const entries = items.map(({ entry }) => entry).filter((entry) => entry !== null);
  // What comes from a mail or another page is a file without a place of its own. Text is neither.
  const found = items.flatMap(({ entry, file }): PickedFile[] =>
    !entry && file ? [{ file, path: file.name }] : [],
  );
  const folders = [entries];
  for (let some = folders.shift(); some; some = folders.shift()) {
    const files = some.filter(isFile);
    while (files.length > 0) {
      const asked = files.splice(0, ASKED_AT_ONCE).map(pickedEntry);
      for (const picked of await Promise.all(asked)) found.push(picked);
      await breathe();
    }
    tell(found.length);
    for (const folder of some.filter(isDirectory)) {
      for await (const children of childrenOf(folder)) folders.push(children);
    }
  }
  return found;
}

async function pickedEntry(entry: FileSystemFileEntry): Promise<PickedFile> {
  return { file: await fileOf(entry), path: entry.fullPath.replace(/^\//, '') };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader hands out its entries a hundred at a time, and an empty list at the end. */
async function* childrenOf(directory: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry[]> {
  const reader = directory.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    yield some;
  }
}
