/** The files of an ISO 9660 image, with Joliet names where it has them (ECMA-119, Joliet 1.0). */

import { type ByteSource, holds, viewOf } from './byte-source.ts';
import { type ContainedFile, type Extent, LIMITS } from './contained-file.ts';
import { type IsoRecord, isoRecordAt, isoRecords } from './iso-records.ts';
import { UnreadableContainer } from './refusals.ts';

const SECTOR = 2048;
const FIRST_DESCRIPTOR = 16;
const MOST_DESCRIPTORS = 64;
const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const ROOT_RECORD_AT = 156;
const ROOT_RECORD_BYTES = 34;

/** A tree of folders: the names of Joliet are UCS-2, those of the primary one ASCII in 8.3. */
interface Volume {
  root: IsoRecord;
  blockBytes: number;
  joliet: boolean;
}

/** Null when this is no ISO 9660 image. @throws UnreadableContainer */
export async function listIso(source: ByteSource): Promise<ContainedFile[] | null> {
  const volumes = await volumesOf(source);
  if (volumes.length === 0) return null;
  const listings: ContainedFile[][] = [];
  let failure: unknown;
  for (const volume of volumes) {
    try {
      listings.push(await walk(source, volume));
    } catch (error) {
      failure = error;
    }
  }
  // Joliet may leave out what its names cannot say; whichever tree knows more files is the truth.
  const [best] = listings.toSorted((a, b) => b.length - a.length);
  if (!best) throw failure;
  return best;
}

/** Joliet first. */
async function volumesOf(source: ByteSource): Promise<Volume[]> {
  const volumes: Volume[] = [];
  for (let number = 0; number < MOST_DESCRIPTORS; number++) {
    const descriptor = await source.read((FIRST_DESCRIPTOR + number) * SECTOR, SECTOR);
    if (descriptor.length < SECTOR || !holds(descriptor, 1, 'CD001')) break;
    const type = descriptor[0];
    const joliet = type === SUPPLEMENTARY && isJoliet(descriptor);
    if (type !== PRIMARY && !joliet) continue;
    const root = isoRecordAt(descriptor.subarray(ROOT_RECORD_AT, ROOT_RECORD_AT + ROOT_RECORD_BYTES), 0);
    const blockBytes = viewOf(descriptor).getUint16(128, true);
    if (root && blockBytes >= 512) volumes.push({ root, blockBytes, joliet });
  }
  return volumes.sort((a, b) => Number(b.joliet) - Number(a.joliet));
}

/** The three escape sequences of UCS-2 (Joliet 1.0, table 2). */
function isJoliet(descriptor: Uint8Array): boolean {
  return ['%/@', '%/C', '%/E'].some((sequence) => holds(descriptor, 88, sequence));
}

interface Folder {
  path: string;
  record: IsoRecord;
  depth: number;
}

async function walk(source: ByteSource, volume: Volume): Promise<ContainedFile[]> {
  const files: ContainedFile[] = [];
  const seen = new Set<number>();
  const waiting: Folder[] = [{ path: '', record: volume.root, depth: 0 }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    // A folder that holds itself would never end.
    if (seen.has(folder.record.block) || folder.depth > LIMITS.folders) continue;
    seen.add(folder.record.block);
    const { path, depth } = folder;
    for (const parts of await recordsOf(source, volume, folder.record)) {
      const [first] = parts;
      if (!first) continue;
      const name = path + first.name;
      if (first.folder) waiting.push({ path: `${name}/`, record: first, depth: depth + 1 });
      else files.push(contained(name, parts, { source, blockBytes: volume.blockBytes }));
      if (files.length + waiting.length > LIMITS.files) throw new UnreadableContainer('archive-too-many');
    }
  }
  return files;
}

/** The records of a folder; those of one file in several extents together. */
async function recordsOf(source: ByteSource, volume: Volume, folder: IsoRecord): Promise<IsoRecord[][]> {
  const { offset, length } = extentOf(folder, volume.blockBytes);
  if (length > LIMITS.folderBytes || offset + length > source.size)
    throw new UnreadableContainer('image-broken');
  const bytes = await source.read(offset, length);
  const files: IsoRecord[][] = [];
  let open: IsoRecord[] | null = null;
  for (const record of isoRecords(bytes, volume.joliet)) {
    if (open) open.push(record);
    else files.push((open = [record]));
    if (!record.continues) open = null;
  }
  return files;
}

function contained(
  path: string,
  parts: readonly IsoRecord[],
  { source, blockBytes }: { source: ByteSource; blockBytes: number },
): ContainedFile {
  const extents = parts.map((part) => extentOf(part, blockBytes));
  const within = extents.every(({ offset, length }) => offset + length <= source.size);
  const plain = parts.every(({ interleaved, otherDisc }) => !interleaved && !otherDisc);
  return {
    path,
    size: extents.reduce((sum, { length }) => sum + length, 0),
    extents,
    deflated: false,
    crc32: null,
    refusal: !plain ? 'image-unreadable' : within ? null : 'image-cut-off',
  };
}

function extentOf({ block, attributeBlocks, size }: IsoRecord, blockBytes: number): Extent {
  return { offset: (block + attributeBlocks) * blockBytes, length: size };
}
