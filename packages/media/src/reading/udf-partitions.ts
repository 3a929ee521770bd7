/** Partitions that lie on the disc through a table: virtual, sparable and metadata (OSTA UDF 2.60 2.2.8 to 2.2.13). */

import { type ByteSource, holds, viewOf } from './byte-source.ts';
import { type Extent, LIMITS } from './contained-file.ts';
import { UnreadableContainer } from './refusals.ts';
import { type PartitionMap, fileEntry } from './udf-descriptors.ts';
import { extentsOf } from './udf-extents.ts';
import { type Locate, type UdfVolume, readBlock } from './udf-volume.ts';

const VIRTUAL_TABLE = 248;
/** Footer of the table in UDF 1.50: identifier and the address of the table before it. */
const OLD_FOOTER = 36;
const TABLE_NAME = '*UDF Virtual Alloc Tbl';
/** Drives and programs that copy discs leave blocks behind the table. */
const BLOCKS_BEHIND = 512;

/** Replaces the plain mapping of each such partition by its own. @throws UnreadableContainer */
export async function mapPartitions(volume: UdfVolume): Promise<void> {
  for (const [reference, map] of volume.maps.entries()) {
    const plain = volume.partitions[reference];
    if (!plain) continue;
    if (map.kind === 'metadata') volume.partitions[reference] = await metadataLocator(volume, map, plain);
    if (map.kind === 'virtual') volume.partitions[reference] = await virtualLocator(volume, map, plain);
    if (map.kind === 'sparable')
      volume.partitions[reference] = await sparableLocator(volume.source, map, plain);
  }
}

/** The partition reference under which the blocks of this map are reached as they lie. */
function plainReference({ maps }: UdfVolume, { number }: PartitionMap): number {
  const reference = maps.findIndex(
    (map) => map.number === number && (map.kind === 'plain' || map.kind === 'sparable'),
  );
  if (reference < 0) throw new UnreadableContainer('image-broken');
  return reference;
}

/** The metadata partition is a file; its mirror stands in where it cannot be read. */
async function metadataLocator(volume: UdfVolume, map: PartitionMap, plain: Locate): Promise<Locate> {
  const partition = plainReference(volume, map);
  for (const at of [40, 44]) {
    const address = { partition, block: viewOf(map.bytes).getUint32(at, true) };
    const entry = fileEntry(await readBlock(volume, address));
    if (!entry) continue;
    const extents = await extentsOf(volume, entry, address);
    return (block) => within(extents, block * volume.blockBytes) ?? plain(block);
  }
  throw new UnreadableContainer('image-broken');
}

function within(extents: readonly Extent[], position: number): number | null {
  let left = position;
  for (const { offset, length } of extents) {
    if (left < length) return offset + left;
    left -= length;
  }
  return null;
}

/** Discs that can be written once map what changes through a table that stands at their end. */
async function virtualLocator(volume: UdfVolume, map: PartitionMap, plain: Locate): Promise<Locate> {
  const partition = plainReference(volume, map);
  const table = await virtualTable(volume, { partition, start: plain(0) });
  const view = viewOf(table);
  return (block) => {
    const at = block * 4;
    return plain(at + 4 <= table.length ? view.getUint32(at, true) : block);
  };
}

async function virtualTable(
  volume: UdfVolume,
  { partition, start }: { partition: number; start: number },
): Promise<Uint8Array> {
  const last = Math.floor((volume.source.size - start) / volume.blockBytes) - 1;
  for (let block = last; block > Math.max(0, last - BLOCKS_BEHIND); block--) {
    const address = { partition, block };
    const entry = fileEntry(await readBlock(volume, address));
    if (!entry || entry.size > LIMITS.folderBytes) continue;
    const bytes = await contentOf(volume, entry.size, await extentsOf(volume, entry, address));
    if (entry.fileType === VIRTUAL_TABLE && bytes.length >= 2)
      return bytes.subarray(viewOf(bytes).getUint16(0, true));
    const footer = bytes.length - OLD_FOOTER;
    if (footer >= 0 && holds(bytes, footer + 1, TABLE_NAME)) return bytes.subarray(0, footer);
  }
  throw new UnreadableContainer('image-broken');
}

async function contentOf(
  { source }: UdfVolume,
  size: number,
  extents: readonly Extent[],
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  for (const { offset, length } of extents) {
    bytes.set(await source.read(offset, length), filled);
    filled += length;
  }
  return bytes;
}

/** Rewritable discs replace worn packets by spare ones. */
async function sparableLocator(source: ByteSource, { bytes }: PartitionMap, plain: Locate): Promise<Locate> {
  const view = viewOf(bytes);
  const packet = view.getUint16(40, true);
  const blockBytes = plain(1) - plain(0);
  const table = await source.read(view.getUint32(48, true) * blockBytes, view.getUint32(44, true));
  const spared = new Map<number, number>();
  const entries = table.length >= 56 ? viewOf(table).getUint16(48, true) : 0;
  for (let at = 56; at + 8 <= table.length && spared.size < entries; at += 8) {
    spared.set(viewOf(table).getUint32(at, true), viewOf(table).getUint32(at + 4, true));
  }
  return (block) => {
    const spare = packet > 0 ? spared.get(block - (block % packet)) : undefined;
    return spare === undefined ? plain(block) : (spare + (block % packet)) * blockBytes;
  };
}
