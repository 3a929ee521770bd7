/** One of the two trees of directories with its path tables (ECMA-119 6.8, 6.9, 9.1 and 9.4). */

import { both16, both32, putShortDate, putText } from './fields.ts';
import { compareParts, isoIdentifier, jolietIdentifier, nameParts } from './names.ts';
import type { NameParts } from './names.ts';
import type { FileNode, FolderNode } from './tree.ts';

export const SECTOR = 2048;
/** The most that one extent holds in whole sectors; a larger file has several (ECMA-119 level 3). */
export const MOST_EXTENT_BYTES = 2 ** 32 - SECTOR;

const DIRECTORY = 0x02;
const CONTINUED = 0x80;

/** How a tree names things. */
interface Naming {
  readonly wide: boolean;
  readonly nameOf: (file: FileNode) => string;
  readonly identifierOf: (name: string) => string;
}

export const ISO_NAMING: Naming = { wide: false, nameOf: (file) => file.name, identifierOf: isoIdentifier };
export const JOLIET_NAMING: Naming = {
  wide: true,
  nameOf: (file) => file.longName,
  identifierOf: jolietIdentifier,
};

type Entry =
  | { readonly kind: 'folder'; readonly identifier: string; readonly directory: Directory }
  | { readonly kind: 'file'; readonly identifier: string; readonly file: FileNode };

interface Directory {
  readonly identifier: string;
  readonly parent: Directory | null;
  /** Place in the path table, from 1. */
  readonly number: number;
  readonly entries: Entry[];
  /** First sector and bytes, in whole sectors. */
  sector: number;
  size: number;
}

/** What a tree needs to know of the rest of the disc before it can be written. */
export interface TreePlaces {
  readonly bytes: Uint8Array;
  readonly created: Date;
  /** First sector of a file by its index. */
  readonly sectorOf: (index: number) => number;
}

/** A directory record to be: where its extent lies and what it is called. */
interface RecordFields {
  readonly sector: number;
  readonly size: number;
  readonly flags: number;
  readonly identifier: string;
}

/** Lays itself out when made; written once the files have their places. */
export class DirectoryTree {
  readonly wide: boolean;
  readonly pathTableSize: number;
  /** Sectors of one path table; there are two of them. */
  readonly pathTableSectors: number;
  /** Sectors of all directories. */
  readonly directorySectors: number;
  /** The root first, the others as the path table has them. */
  private readonly ordered: readonly Directory[];
  private pathTableSector = 0;

  constructor(root: FolderNode, naming: Naming) {
    this.wide = naming.wide;
    this.ordered = inTableOrder(root, naming);
    for (const directory of this.ordered) directory.size = this.directorySize(directory);
    this.pathTableSize = this.ordered.reduce(
      (sum, { identifier }) => sum + this.tableRecordSize(identifier),
      0,
    );
    this.pathTableSectors = Math.ceil(this.pathTableSize / SECTOR);
    this.directorySectors = this.ordered.reduce((sum, { size }) => sum + size / SECTOR, 0);
  }

  /** Gives both path tables and then every directory its sector, beginning with these. */
  place(pathTableSector: number, directorySector: number): void {
    this.pathTableSector = pathTableSector;
    let sector = directorySector;
    for (const directory of this.ordered) {
      directory.sector = sector;
      sector += directory.size / SECTOR;
    }
  }

  get directories(): number {
    return this.ordered.length;
  }

  get pathTables(): { little: number; big: number } {
    return { little: this.pathTableSector, big: this.pathTableSector + this.pathTableSectors };
  }

  /** The root's own record, as a volume descriptor repeats it. */
  putRootRecord(view: DataView, at: number, created: Date): void {
    const [root] = this.ordered;
    if (root) this.putRecord(view, at, { fields: own(root, '\0'), created });
  }

  /** Writes path tables and directories to where they were placed. */
  write(places: TreePlaces): void {
    const view = new DataView(places.bytes.buffer, places.bytes.byteOffset, places.bytes.byteLength);
    this.writePathTable(view, this.pathTables.little * SECTOR, true);
    this.writePathTable(view, this.pathTables.big * SECTOR, false);
    for (const directory of this.ordered) {
      let at = directory.sector * SECTOR;
      for (const fields of this.records(directory, places.sectorOf)) {
        at = fitting(at, this.recordSize(fields.identifier));
        at += this.putRecord(view, at, { fields, created: places.created });
      }
    }
  }

  private directorySize(directory: Directory): number {
    let at = 0;
    for (const { identifier } of this.records(directory, () => 0)) {
      const size = this.recordSize(identifier);
      at = fitting(at, size) + size;
    }
    return Math.ceil(at / SECTOR) * SECTOR;
  }

  /** Itself, its parent, then what lies in it; a file of several extents has a record for each. */
  private *records(directory: Directory, sectorOf: (index: number) => number): Iterable<RecordFields> {
    yield own(directory, '\0');
    yield own(directory.parent ?? directory, '\u0001');
    for (const entry of directory.entries) {
      if (entry.kind === 'folder') yield own(entry.directory, entry.identifier);
      else yield* fileRecords(entry, sectorOf(entry.file.index));
    }
  }

  private recordSize(identifier: string): number {
    const length = 33 + this.identifierSize(identifier);
    return length + (length % 2);
  }

  private tableRecordSize(identifier: string): number {
    const length = 8 + this.identifierSize(identifier);
    return length + (length % 2);
  }

  /** Those of a directory and its parent are one byte in either tree. */
  private identifierSize(identifier: string): number {
    return this.wide && identifier > '\u0001' ? identifier.length * 2 : identifier.length;
  }

  private putRecord(
    view: DataView,
    at: number,
    { fields, created }: { fields: RecordFields; created: Date },
  ): number {
    const { identifier } = fields;
    const size = this.recordSize(identifier);
    view.setUint8(at, size);
    both32(view, at + 2, fields.sector);
    both32(view, at + 10, fields.size);
    putShortDate(view, at + 18, created);
    view.setUint8(at + 25, fields.flags);
    both16(view, at + 28, 1);
    view.setUint8(at + 32, this.identifierSize(identifier));
    putText(view, at + 33, { text: identifier, wide: this.wide && identifier > '\u0001' });
    return size;
  }

  private writePathTable(view: DataView, start: number, littleEndian: boolean): void {
    let at = start;
    for (const { identifier, sector, parent } of this.ordered) {
      view.setUint8(at, this.identifierSize(identifier));
      view.setUint32(at + 2, sector, littleEndian);
      view.setUint16(at + 6, parent?.number ?? 1, littleEndian);
      putText(view, at + 8, { text: identifier, wide: this.wide && identifier > '\u0001' });
      at += this.tableRecordSize(identifier);
    }
  }
}

/** A record does not reach into the next sector (ECMA-119 6.8.1.1). */
function fitting(at: number, size: number): number {
  const left = SECTOR - (at % SECTOR);
  return size > left ? at + left : at;
}

function own({ sector, size }: Directory, identifier: string): RecordFields {
  return { sector, size, flags: DIRECTORY, identifier };
}

function* fileRecords(
  { file, identifier }: { file: FileNode; identifier: string },
  sector: number,
): Iterable<RecordFields> {
  let at = sector;
  for (let left = file.size; ; left -= MOST_EXTENT_BYTES) {
    const size = Math.min(left, MOST_EXTENT_BYTES);
    yield { sector: at, size, flags: size < left ? CONTINUED : 0, identifier };
    if (size === left) return;
    at += size / SECTOR;
  }
}

/** Level by level, below each parent by name (ECMA-119 6.9.1): the order of the path table. */
function inTableOrder(root: FolderNode, naming: Naming): Directory[] {
  const first: Directory = { identifier: '\0', parent: null, number: 1, entries: [], sector: 0, size: 0 };
  const ordered = [first];
  const nodes = [root];
  for (let place = 0; place < ordered.length; place++) {
    const [directory, node] = [ordered[place], nodes[place]];
    if (!directory || !node) break;
    for (const child of childrenOf(node, naming)) {
      if ('index' in child.node) {
        directory.entries.push({
          kind: 'file',
          identifier: naming.identifierOf(child.name),
          file: child.node,
        });
        continue;
      }
      const number = ordered.length + 1;
      const below = { identifier: child.name, parent: directory, number, entries: [], sector: 0, size: 0 };
      directory.entries.push({ kind: 'folder', identifier: child.name, directory: below });
      ordered.push(below);
      nodes.push(child.node);
    }
  }
  return ordered;
}

interface Child {
  readonly name: string;
  readonly parts: NameParts;
  readonly node: FileNode | FolderNode;
}

function childrenOf(folder: FolderNode, naming: Naming): Child[] {
  const child = (name: string, node: FileNode | FolderNode) => ({ name, parts: nameParts(name), node });
  const files = folder.files.map((node) => child(naming.nameOf(node), node));
  const folders = [...folder.folders.values()].map((node) => child(node.name, node));
  return [...files, ...folders].sort((a, b) => compareParts(a.parts, b.parts));
}
