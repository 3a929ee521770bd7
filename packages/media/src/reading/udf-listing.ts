/** The files of a UDF image, 1.02 to 2.60, alone or beside ISO 9660 (ECMA-167, OSTA UDF). */

import { type ByteSource, viewOf } from './byte-source.ts';
import { type ContainedFile, type Extent, LIMITS } from './contained-file.ts';
import { UnreadableContainer } from './refusals.ts';
import { type Address, Tag, fileEntry, longAddress, tagAt } from './udf-descriptors.ts';
import { UnrecordedExtent, extentsOf } from './udf-extents.ts';
import { mapPartitions } from './udf-partitions.ts';
import { type UdfVolume, openUdf, readBlock } from './udf-volume.ts';

const FOLDER_TYPE = 4;
const FILE_TYPES = [0, 5];
const ROOT_AT = 400;
const DELETED = 0x04;
const PARENT = 0x08;
const FOLDER = 0x02;
/** Where a rewritable disc keeps its worn and spare blocks (UDF 2.60 2.3.7.3): no file of anybody. */
const SPARE_SPACE = 'Non-Allocatable Space';

/** Null when the image has no UDF. @throws UnreadableContainer */
export async function listUdf(source: ByteSource): Promise<ContainedFile[] | null> {
  const volume = await openUdf(source);
  if (!volume) return null;
  await mapPartitions(volume);
  const fileSet = await readBlock(volume, volume.fileSet);
  if (fileSet.length < volume.blockBytes || tagAt(fileSet) !== Tag.fileSet)
    throw new UnreadableContainer('image-broken');
  return walk(volume, longAddress(fileSet, ROOT_AT));
}

interface Place {
  path: string;
  at: Address;
  depth: number;
}

async function walk(volume: UdfVolume, root: Address): Promise<ContainedFile[]> {
  const files: ContainedFile[] = [];
  const seen = new Set<string>();
  const waiting: Place[] = [{ path: '', at: root, depth: 0 }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const key = `${folder.at.partition}/${folder.at.block}`;
    // A folder that holds itself would never end.
    if (seen.has(key) || folder.depth > LIMITS.folders) continue;
    seen.add(key);
    for (const child of await childrenOf(volume, folder)) {
      if (child.folder) waiting.push({ ...child, path: `${child.path}/` });
      else if (child.path !== SPARE_SPACE) files.push(await contained(volume, child));
      if (files.length + waiting.length > LIMITS.files) throw new UnreadableContainer('archive-too-many');
    }
  }
  return files;
}

/** File identifiers of a folder (ECMA-167 4/14.4) that are neither its parent nor deleted. */
async function childrenOf(volume: UdfVolume, folder: Place): Promise<(Place & { folder: boolean })[]> {
  const bytes = await folderBytes(volume, folder.at);
  const children: (Place & { folder: boolean })[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at + 38 <= bytes.length;) {
    if (tagAt(bytes, at) !== Tag.fileIdentifier) throw new UnreadableContainer('image-broken');
    const traits = view.getUint8(at + 18);
    const nameAt = at + 38 + view.getUint16(at + 36, true);
    const nameEnd = nameAt + view.getUint8(at + 19);
    if (!(traits & (DELETED | PARENT))) {
      const path = folder.path + nameOf(bytes.subarray(nameAt, nameEnd));
      const isFolder = (traits & FOLDER) !== 0;
      children.push({ path, at: longAddress(bytes, at + 20), depth: folder.depth + 1, folder: isFolder });
    }
    at += (nameEnd - at + 3) & ~3;
  }
  return children;
}

async function folderBytes(volume: UdfVolume, at: Address): Promise<Uint8Array> {
  const entry = fileEntry(await readBlock(volume, at));
  if (!entry || entry.fileType !== FOLDER_TYPE || entry.size > LIMITS.folderBytes)
    throw new UnreadableContainer('image-broken');
  const bytes = new Uint8Array(entry.size);
  let filled = 0;
  for (const { offset, length } of await extentsOf(volume, entry, at)) {
    bytes.set(await volume.source.read(offset, length), filled);
    filled += length;
  }
  return bytes.subarray(0, filled);
}

async function contained(volume: UdfVolume, { path, at }: Place): Promise<ContainedFile> {
  const entry = fileEntry(await readBlock(volume, at));
  const file = { path, size: entry?.size ?? 0, deflated: false, crc32: null };
  if (!entry || !FILE_TYPES.includes(entry.fileType))
    return { ...file, extents: [], refusal: entry ? 'archive-link' : 'image-unreadable' };
  try {
    const extents = await extentsOf(volume, entry, at);
    return { ...file, extents, refusal: isWhole(extents, entry.size, volume) ? null : 'image-cut-off' };
  } catch (error) {
    if (!(error instanceof UnrecordedExtent)) throw error;
    return { ...file, extents: [], refusal: 'image-unreadable' };
  }
}

function isWhole(extents: readonly Extent[], size: number, { source }: UdfVolume): boolean {
  const held = extents.reduce((sum, { length }) => sum + length, 0);
  return held === size && extents.every(({ offset, length }) => offset + length <= source.size);
}

/** OSTA compressed Unicode (UDF 2.60 2.1.1): one byte a character, or two. */
function nameOf(raw: Uint8Array): string {
  const wide = raw[0] === 16 || raw[0] === 255;
  return new TextDecoder(wide ? 'utf-16be' : 'latin1').decode(raw.subarray(1));
}
