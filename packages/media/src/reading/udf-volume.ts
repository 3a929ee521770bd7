/** A UDF volume: from its anchor to its partitions, and from a block's address to bytes of the image. */

import { type ByteSource, viewOf } from './byte-source.ts';
import { UnreadableContainer } from './refusals.ts';
import {
  type Address,
  type LogicalVolume,
  type PartitionDescriptor,
  type PartitionMap,
  Tag,
  anchoredExtents,
  logicalVolume,
  partitionDescriptor,
  tagAt,
} from './udf-descriptors.ts';

const MOST_DESCRIPTORS = 256;

/** Turns a block of a partition into an offset in the image. */
export type Locate = (block: number) => number;

export interface UdfVolume {
  source: ByteSource;
  blockBytes: number;
  fileSet: Address;
  /** By partition reference; `null` where a partition is of a kind that is not read. */
  partitions: (Locate | null)[];
  maps: readonly PartitionMap[];
}

/** Null when the image has no UDF at all. @throws UnreadableContainer */
export async function openUdf(source: ByteSource): Promise<UdfVolume | null> {
  // Discs have sectors of 2,048 bytes; images of hard disks and USB sticks have others.
  for (const sectorBytes of [2048, 512, 4096]) {
    const anchors = [256, 512, source.size / sectorBytes - 1, source.size / sectorBytes - 257];
    for (const sector of anchors) {
      if (!Number.isInteger(sector) || sector < 1) continue;
      const anchor = await source.read(sector * sectorBytes, 512);
      if (tagAt(anchor) !== Tag.anchor || viewOf(anchor).getUint32(12, true) !== sector) continue;
      const found = await volumeOf(source, anchor, sectorBytes);
      if (found) return found;
    }
  }
  return null;
}

async function volumeOf(
  source: ByteSource,
  anchor: Uint8Array,
  sectorBytes: number,
): Promise<UdfVolume | null> {
  for (const { bytes, sector } of anchoredExtents(anchor)) {
    const sequence = { first: sector, count: Math.floor(bytes / sectorBytes), sectorBytes };
    const { volume, descriptors } = await readSequence(source, sequence);
    if (!volume) continue;
    if (volume.blockBytes < 512 || volume.blockBytes > 65536) throw new UnreadableContainer('image-broken');
    const { blockBytes, fileSet, maps } = volume;
    const partitions = maps.map(({ kind, number }) => {
      const start = descriptors.get(number)?.start;
      if (start === undefined || kind === 'unknown') return null;
      return (block: number) => start * sectorBytes + block * blockBytes;
    });
    return { source, blockBytes, fileSet, maps, partitions };
  }
  return null;
}

interface Sequence {
  first: number;
  count: number;
  sectorBytes: number;
}

async function readSequence(source: ByteSource, { first, count, sectorBytes }: Sequence) {
  let volume: LogicalVolume | null = null;
  const descriptors = new Map<number, PartitionDescriptor>();
  for (let i = 0; i < Math.min(count, MOST_DESCRIPTORS); i++) {
    const bytes = await source.read((first + i) * sectorBytes, sectorBytes);
    const tag = tagAt(bytes);
    if (bytes.length < sectorBytes || tag === null || tag === Tag.terminator) break;
    // Of several the last one prevails: a disc written in sessions appends.
    if (tag === Tag.logicalVolume) volume = logicalVolume(bytes);
    if (tag === Tag.partition) {
      const partition = partitionDescriptor(bytes);
      descriptors.set(partition.number, partition);
    }
  }
  return { volume, descriptors };
}

/** @throws UnreadableContainer when the address lies outside of what can be read */
export async function readBlock(volume: UdfVolume, { partition, block }: Address): Promise<Uint8Array> {
  const offset = offsetOf(volume, { partition, block });
  return volume.source.read(offset, volume.blockBytes);
}

/** @throws UnreadableContainer */
export function offsetOf(volume: UdfVolume, { partition, block }: Address): number {
  const locate = volume.partitions[partition];
  if (!locate) throw new UnreadableContainer('image-broken');
  return locate(block);
}
