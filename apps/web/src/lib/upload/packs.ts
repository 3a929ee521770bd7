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

/** Files that travel as one tus upload. `size` in bytes, of the files alone. */
export interface Pack {
  files: readonly PackedFile[];
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
  const exams = [...Map.groupBy(files, ({ studyInstanceUid }) => studyInstanceUid)];
  return exams
    .sort(([one], [other]) => inOrder(one, other))
    .flatMap(([, exam]) => grouped(named(exam.sort(byPath))).map(packOf));
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
  return { files, size: files.reduce((sum, { file }) => sum + file.size, 0) };
}

/** Code units, not the language of the browser, decide: colleagues' browsers must agree. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byPath(a: SendableFile, b: SendableFile): number {
  return inOrder(a.file.path, b.file.path) || a.at - b.at;
}

/**
 * Without the folders that all files share: `D:\DICOM` and a copy on the desktop give the same names.
 *
 * @param files sorted by path: what the first and the last share, all do
 */
function named(files: readonly SendableFile[]): PackedFile[] {
  const first = files[0]?.file.path ?? '';
  const last = files.at(-1)?.file.path ?? '';
  let alike = 0;
  while (alike < first.length && first[alike] === last[alike]) alike++;
  const shared = first.slice(0, alike).lastIndexOf('/') + 1;
  return files.map(({ at, file }) => ({ at, file, name: file.path.slice(shared) }));
}
