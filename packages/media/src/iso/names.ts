/** Names as the two directory trees of a disc have them: ISO 9660 level 1, and Joliet for people. */

/** Something an ISO image cannot hold. The text says which file and what is wrong, never the name itself. */
export class ImpossibleIso extends RangeError {
  override readonly name = 'ImpossibleIso';
}

/** Eight levels of directories, the root being the first (ECMA-119 6.8.2.1). */
const MOST_FOLDERS = 7;
const FOLDER = /^[A-Z0-9_]{1,8}$/;
const FILE = /^[A-Z0-9_]{1,8}(?:\.[A-Z0-9_]{1,3})?$/;
/** No control characters, none that mean something in a path, none beyond two bytes; 64 at most. */
const JOLIET = /^[^\u0000-\u001f*/:;?\\\ud800-\udfff]{1,64}$/;

/**
 * The folders and the file of a level 1 path such as `IMAGES/DICOMS/IM1` or `README.TXT` (ECMA-119 10.1).
 *
 * @throws ImpossibleIso
 */
export function checkedPath(path: string, index: number): { folders: string[]; file: string } {
  const folders = path.split('/');
  const file = folders.pop() ?? '';
  if (!FILE.test(file) || !folders.every((folder) => FOLDER.test(folder)))
    throw new ImpossibleIso(
      `File ${index} has a name that is not of level 1: upper case, 8.3, no other signs.`,
    );
  if (folders.length > MOST_FOLDERS)
    throw new ImpossibleIso(`File ${index} lies more than eight levels deep.`);
  return { folders, file };
}

/** @throws ImpossibleIso */
export function checkedLongName(name: string, index: number): string {
  if (!JOLIET.test(name) || name === '.' || name === '..')
    throw new ImpossibleIso(`File ${index} has a long name with more than 64 or with forbidden characters.`);
  return name;
}

/** As a level 1 identifier: the dot is always there, the version always 1 (ECMA-119 7.5.1). */
export function isoIdentifier(name: string): string {
  return `${name}${name.includes('.') ? '' : '.'};1`;
}

export function jolietIdentifier(name: string): string {
  return `${name};1`;
}

/** A name as it is sorted: what stands before its last dot, and what after it. */
export interface NameParts {
  readonly stem: string;
  readonly extension: string;
}

export function nameParts(name: string): NameParts {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension: name.slice(dot + 1) };
}

/** Shorter before longer (ECMA-119 9.3): the space that pads is less than any character of a name. */
export function compareParts(a: NameParts, b: NameParts): number {
  if (a.stem !== b.stem) return a.stem < b.stem ? -1 : 1;
  if (a.extension !== b.extension) return a.extension < b.extension ? -1 : 1;
  return 0;
}
