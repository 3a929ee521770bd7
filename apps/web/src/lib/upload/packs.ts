import { packHead } from '@filmpost/media/pack.ts';
import type { DiscFile } from './disc/disc-file.ts';

/** A file that goes on its way. */
export interface SendableFile {
  /** Its place in the list of chosen files. */
  at: number;
  file: DiscFile;
  studyInstanceUid: string;
}

/** A file within a pack; `name` is its path within the folder that holds the exam. */
export interface PackedFile {
  at: number;
  name: string;
  file: DiscFile;
}

/**
 * Files that travel as one tus upload. `head` as far as it is known before they are read: packs of equal files have equal
 * ones. `size` in bytes, of the files alone.
 */
export interface Pack {
  files: readonly PackedFile[];
  head: Uint8Array<ArrayBuffer>;
  size: number;
}

const MEBIBYTE = 1024 * 1024;
const FIRST_PACK_BYTES = 4 * MEBIBYTE;
export const MOST_PACK_BYTES = 32 * MEBIBYTE;
const MOST_PACK_FILES = 64;

/**
 * Packs for these files: the same files make the same packs in every browser, wherever the disc is mounted and in
 * whatever order it was read. Every exam is packed on its own, so that leaving one out changes nothing in the others.
 */
export function planPacks(files: readonly SendableFile[]): Pack[] {
  const sorted = files.toSorted(
    (a, b) =>
      inOrder(a.studyInstanceUid, b.studyInstanceUid) || inOrder(a.file.path, b.file.path) || a.at - b.at,
  );
  const exams = new Map<string, SendableFile[]>();
  for (const each of sorted) {
    const exam = exams.get(each.studyInstanceUid);
    if (exam) exam.push(each);
    else exams.set(each.studyInstanceUid, [each]);
  }
  return [...exams.values()].flatMap((exam) => grouped(named(exam)).map(packOf));
}

/** Whatever is larger than a pack travels alone. */
function grouped(files: readonly PackedFile[]): PackedFile[][] {
  const groups: PackedFile[][] = [];
  let bytes = 0;
  for (const each of files) {
    // The first packs of an exam are small: whoever waits for it sees its first images at once.
    const most = Math.min(MOST_PACK_BYTES, FIRST_PACK_BYTES * 2 ** (groups.length - 1));
    const last = groups.at(-1);
    const { size } = each.file;
    if (last && last.length < MOST_PACK_FILES && bytes + size <= most) {
      last.push(each);
      bytes += size;
    } else {
      groups.push([each]);
      bytes = size;
    }
  }
  return groups;
}

/** The same pack without some of its files; null when nothing is left of it. */
export function packWithout(pack: Pack, dropped: ReadonlySet<number>): Pack | null {
  const files = pack.files.filter(({ at }) => !dropped.has(at));
  return files.length > 0 ? packOf(files) : null;
}

/** How many of the pack's files lie within the first `bytes` bytes of its files. */
export function filesWithin(pack: Pack, bytes: number): number {
  let end = 0;
  let count = 0;
  for (const { file } of pack.files) {
    end += file.size;
    if (end > bytes) break;
    count++;
  }
  return count;
}

/** What goes before the files of a pack: their names, sizes and, in the same order, digests. */
export function headOf({ files }: Pack, digests: readonly string[]): Uint8Array<ArrayBuffer> {
  return packHead(files.map(({ name, file: { size } }, i) => ({ name, size, sha256: digests[i] })));
}

function packOf(files: readonly PackedFile[]): Pack {
  const head = packHead(files.map(({ name, file: { size } }) => ({ name, size })));
  return { files, head, size: files.reduce((sum, { file }) => sum + file.size, 0) };
}

/** Code units, not the language of the browser, decide: colleagues' browsers must agree. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Without the folders that all files share: `D:\DICOM` and a copy on the desktop give the same names. */
function named(files: readonly SendableFile[]): PackedFile[] {
  const folders = files.map(({ file }) => file.path.split('/').slice(0, -1));
  const [first = []] = folders;
  let shared = 0;
  while (shared < first.length && folders.every((folder) => folder[shared] === first[shared])) shared++;
  return files.map(({ at, file }) => ({ at, file, name: file.path.split('/').slice(shared).join('/') }));
}
