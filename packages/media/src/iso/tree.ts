/** The folders of a disc and what lies in them. */

import { ImpossibleIso, checkedLongName, checkedPath } from './names.ts';

/** A file to be stored. */
export interface IsoFile {
  /** Level 1 names, folders separated by `/`: `IMAGES/DICOMS/IM1`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What people see where Joliet is read, e.g. `MANIFEST.SHA256`; the level 1 name unless said otherwise. */
  readonly longName?: string;
}

export interface FileNode {
  readonly name: string;
  readonly longName: string;
  readonly size: number;
  /** Place among the files that were given. */
  readonly index: number;
}

export interface FolderNode {
  readonly name: string;
  readonly folders: Map<string, FolderNode>;
  readonly files: FileNode[];
}

/** Two files of one name in a folder, be it only in other case, could not both be found again. */
class NamesTaken {
  private readonly taken = new Set<string>();

  take(folder: string, name: string, index: number): void {
    const key = `${folder}/${name.normalize('NFC').toLowerCase()}`;
    if (this.taken.has(key))
      throw new ImpossibleIso(`File ${index} has the name of another; number one of them.`);
    this.taken.add(key);
  }
}

/**
 * The tree of all folders that the paths name.
 *
 * @throws ImpossibleIso for names that no disc takes or that clash, and for sizes that are none
 */
export function treeOf(files: readonly IsoFile[]): FolderNode {
  const root: FolderNode = { name: '', folders: new Map(), files: [] };
  const short = new NamesTaken();
  const long = new NamesTaken();
  files.forEach(({ path, size, longName }, index) => {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ImpossibleIso(`File ${index} has no whole, positive size; measure it before planning.`);
    const { folders, file } = checkedPath(path, index);
    const place = folders.join('/');
    const node = { name: file, longName: checkedLongName(longName ?? file, index), size, index };
    short.take(place, node.name, index);
    long.take(place, node.longName, index);
    folderAt(root, folders).files.push(node);
  });
  for (const folder of everyFolder(root)) checkFolders(folder);
  return root;
}

function folderAt(root: FolderNode, folders: readonly string[]): FolderNode {
  let at = root;
  for (const name of folders) {
    const next = at.folders.get(name) ?? { name, folders: new Map(), files: [] };
    at.folders.set(name, next);
    at = next;
  }
  return at;
}

function* everyFolder(folder: FolderNode): Iterable<FolderNode> {
  yield folder;
  for (const inner of folder.folders.values()) yield* everyFolder(inner);
}

function checkFolders({ folders, files }: FolderNode): void {
  const clashing = files.find(
    ({ name, longName }) => folders.has(name) || folders.has(longName.toUpperCase()),
  );
  if (clashing) throw new ImpossibleIso(`File ${clashing.index} has the name of a folder beside it.`);
}
