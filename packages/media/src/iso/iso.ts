/**
 * An ISO 9660 image with Joliet names (ECMA-119, Joliet 1.0), laid out before a byte of it is read:
 *
 *     16 empty sectors | descriptors | path tables and directories, twice | the files | 150 empty sectors
 *
 * Two trees name the same files: level 1 for whoever knows only that, Joliet for Windows, macOS and Linux. Files of
 * 4 GiB and more have several extents, which makes the image level 3; Windows reads only their first.
 */

import { lastNotAfter } from '../layout.ts';
import type { ByteRange, Layout, Piece } from '../layout.ts';
import { DirectoryTree, ISO_NAMING, JOLIET_NAMING, SECTOR } from './directory-tree.ts';
import { ImpossibleIso } from './names.ts';
import { treeOf } from './tree.ts';
import type { IsoFile } from './tree.ts';
import { terminator, volumeDescriptor } from './volume-descriptors.ts';
import type { IsoVolume } from './volume-descriptors.ts';

export type { IsoFile } from './tree.ts';
export type { IsoVolume } from './volume-descriptors.ts';

/** The image; `entry` segments name the files by their place in the list that was given. */
export interface IsoPlan extends Layout {
  readonly sectors: number;
}

const SYSTEM_SECTORS = 16;
const DESCRIPTOR_SECTORS = 3;
/** Drives that read ahead fail on the last sectors of a track unless something follows them. */
const RUN_OUT_SECTORS = 150;
const MOST_SECTORS = 2 ** 32 - 1;
const MOST_DIRECTORIES = 65_535;

const EMPTY_SECTOR = new Uint8Array(SECTOR);
const RUN_OUT = new Uint8Array(RUN_OUT_SECTORS * SECTOR);

/** Where the files lie. */
interface Placement {
  readonly files: readonly IsoFile[];
  /** First sector of each file. */
  readonly starts: readonly number[];
  /** The sector after the last file. */
  readonly end: number;
}

/**
 * Lays out the image. The same files and the same volume give the same bytes.
 *
 * @throws ImpossibleIso for names, sizes or a label that no disc has, and for more than 8 TiB
 */
export function planIso(files: readonly IsoFile[], volume: IsoVolume): IsoPlan {
  if (!/^[A-Z0-9_]{1,16}$/.test(volume.volumeId))
    throw new ImpossibleIso('A volume label has 1 to 16 upper case letters, digits or underscores.');
  const root = treeOf(files);
  const trees = [new DirectoryTree(root, ISO_NAMING), new DirectoryTree(root, JOLIET_NAMING)];
  if (trees.some((tree) => tree.directories > MOST_DIRECTORIES))
    throw new ImpossibleIso('The image would have more folders than its path table can number.');
  let sector = SYSTEM_SECTORS + DESCRIPTOR_SECTORS;
  for (const tree of trees) {
    tree.place(sector, sector + 2 * tree.pathTableSectors);
    sector += 2 * tree.pathTableSectors + tree.directorySectors;
  }
  const placement = placed(files, sector);
  const sectors = placement.end + RUN_OUT_SECTORS;
  if (sectors > MOST_SECTORS) throw new ImpossibleIso('The image would be larger than 8 TiB; split it.');
  const head = new Uint8Array(sector * SECTOR);
  const descriptors = trees.map((tree) => volumeDescriptor(tree, volume, sectors));
  [...descriptors, terminator()].forEach((bytes, index) =>
    head.set(bytes, (SYSTEM_SECTORS + index) * SECTOR),
  );
  const sectorOf = (index: number) => placement.starts[index] ?? 0;
  for (const tree of trees) tree.write({ bytes: head, created: volume.created, sectorOf });
  return { size: sectors * SECTOR, sectors, pieces: (range) => pieces(head, placement, range) };
}

function placed(files: readonly IsoFile[], first: number): Placement {
  let sector = first;
  const starts = files.map(({ size }) => {
    const start = sector;
    sector += Math.ceil(size / SECTOR);
    return start;
  });
  return { files, starts, end: sector };
}

function* pieces(head: Uint8Array, { files, starts, end }: Placement, range: ByteRange): Iterable<Piece> {
  if (range.start < head.length) yield { at: 0, segment: { kind: 'bytes', bytes: head } };
  const first = lastNotAfter(range.start, files.length, (index) => (starts[index] ?? 0) * SECTOR);
  for (let index = first; index < files.length; index++) {
    const at = (starts[index] ?? 0) * SECTOR;
    const length = files[index]?.size ?? 0;
    if (at >= range.end) return;
    yield { at, segment: { kind: 'entry', index, offset: 0, length } };
    const rest = (SECTOR - (length % SECTOR)) % SECTOR;
    if (rest > 0)
      yield { at: at + length, segment: { kind: 'bytes', bytes: EMPTY_SECTOR.subarray(0, rest) } };
  }
  yield { at: end * SECTOR, segment: { kind: 'bytes', bytes: RUN_OUT } };
}
