import { packHead } from '@filmpost/media/pack.ts';

/** A file that goes on its way. */
export interface SendableFile {
  /** Its place in the list of chosen files. */
  at: number;
  path: string;
  file: File;
  studyInstanceUid: string;
}

/** Files that travel as one tus upload. `size` in bytes, head included. */
export interface Pack {
  files: readonly SendableFile[];
  head: Uint8Array<ArrayBuffer>;
  size: number;
}

const MEBIBYTE = 1024 * 1024;
/** From this size on a file travels alone: the request costs nothing beside its bytes. */
const LARGE_FILE_BYTES = 8 * MEBIBYTE;
export const MOST_PACK_BYTES = 32 * MEBIBYTE;
const MOST_PACK_FILES = 64;

/**
 * Packs for these files: the same files make the same packs in every browser, wherever the disc is mounted and in
 * whatever order it was read. No pack spans two exams, so that leaving one exam out moves nothing in the others.
 */
export function planPacks(files: readonly SendableFile[]): Pack[] {
  const sorted = files.toSorted(
    (a, b) => inOrder(a.studyInstanceUid, b.studyInstanceUid) || inOrder(a.path, b.path) || a.at - b.at,
  );
  const nameOf = namesWithin(sorted.map(({ path }) => path));
  const groups: SendableFile[][] = [];
  let open: { files: SendableFile[]; bytes: number } | undefined;
  for (const each of sorted) {
    const { size } = each.file;
    if (size >= LARGE_FILE_BYTES) {
      groups.push([each]);
      continue;
    }
    const fits =
      open &&
      open.files.length < MOST_PACK_FILES &&
      open.bytes + size <= MOST_PACK_BYTES &&
      open.files[0]?.studyInstanceUid === each.studyInstanceUid;
    if (!open || !fits) groups.push((open = { files: [], bytes: 0 }).files);
    open.files.push(each);
    open.bytes += size;
  }
  return groups.map((group) => packOf(group, nameOf));
}

/** The same pack without some of its files; null when nothing is left of it. */
export function packWithout(pack: Pack, dropped: ReadonlySet<number>): Pack | null {
  const files = pack.files.filter(({ at }) => !dropped.has(at));
  return files.length > 0 ? packOf(files, namesWithin(files.map(({ path }) => path))) : null;
}

/** How many of the pack's files lie within its first `bytes` bytes. */
export function filesWithin(pack: Pack, bytes: number): number {
  let end = pack.head.length;
  let count = 0;
  for (const { file } of pack.files) {
    end += file.size;
    if (end > bytes) break;
    count++;
  }
  return count;
}

function packOf(files: readonly SendableFile[], nameOf: (path: string) => string): Pack {
  const head = packHead(files.map(({ path, file }) => ({ name: nameOf(path), size: file.size })));
  return { files, head, size: files.reduce((sum, { file }) => sum + file.size, head.length) };
}

/** Code units, not the language of the browser, decide: colleagues' browsers must agree. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names below the folder that holds all files: `D:\DICOM` and a copy on the desktop give the same. */
function namesWithin(paths: readonly string[]): (path: string) => string {
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const [first = []] = folders;
  let shared = 0;
  while (shared < first.length && folders.every((folder) => folder[shared] === first[shared])) shared++;
  return (path) => path.split('/').slice(shared).join('/');
}
