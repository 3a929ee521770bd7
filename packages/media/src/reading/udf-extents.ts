/** Where the bytes of a UDF file lie: its allocation descriptors, followed to their end (ECMA-167 4/12, 14.14). */

import { viewOf } from './byte-source.ts';
import type { Extent } from './contained-file.ts';
import { UnreadableContainer } from './refusals.ts';
import { type Address, type FileEntry, Tag, tagAt } from './udf-descriptors.ts';
import { type UdfVolume, offsetOf, readBlock } from './udf-volume.ts';

const WIDTHS = { short: 8, long: 16, extended: 20 } as const;
const CONTINUED = 3;
const RECORDED = 0;
/** Of a file of 16 TiB in pieces of one GiB; a chain that goes in circles ends here. */
const MOST_EXTENTS = 16_384;
const ALLOCATION_HEADER = 24;

/** A hole in a file, or a form of allocation nobody writes on discs. */
export class UnrecordedExtent extends Error {
  constructor() {
    super('A part of this file is not recorded on the disc.');
    this.name = 'UnrecordedExtent';
  }
}

interface Descriptor extends Address {
  type: number;
  length: number;
}

/**
 * @param at where the file's entry stands, which short descriptors refer to
 * @throws UnrecordedExtent @throws UnreadableContainer
 */
export async function extentsOf(volume: UdfVolume, entry: FileEntry, at: Address): Promise<Extent[]> {
  const { allocation, descriptors, size } = entry;
  if (allocation === 'inline') {
    const offset = offsetOf(volume, at) + descriptors.offset;
    return size > 0 ? [{ offset, length: Math.min(size, descriptors.length) }] : [];
  }
  const extents: Extent[] = [];
  let left = size;
  for await (const { type, length, ...address } of followed(volume, entry, at)) {
    if (left === 0) break;
    if (type !== RECORDED) throw new UnrecordedExtent();
    const taken = Math.min(left, length);
    addExtent(extents, { offset: offsetOf(volume, address), length: taken });
    left -= taken;
  }
  return extents;
}

/** Pieces that follow each other become one. */
function addExtent(extents: Extent[], next: Extent): void {
  const last = extents.at(-1);
  if (last && last.offset + last.length === next.offset) last.length += next.length;
  else extents.push(next);
}

async function* followed(
  volume: UdfVolume,
  { allocation, descriptors }: FileEntry,
  at: Address,
): AsyncGenerator<Descriptor> {
  const width = WIDTHS[allocation === 'inline' ? 'short' : allocation];
  let bytes = (await readBlock(volume, at)).subarray(
    descriptors.offset,
    descriptors.offset + descriptors.length,
  );
  for (let count = 0, place = 0; place + width <= bytes.length; place += width) {
    if (++count > MOST_EXTENTS) throw new UnreadableContainer('image-broken');
    const descriptor = descriptorAt(bytes.subarray(place, place + width), at.partition);
    if (descriptor.length === 0) return;
    if (descriptor.type !== CONTINUED) {
      yield descriptor;
      continue;
    }
    bytes = await continuation(volume, descriptor);
    place = -width;
  }
}

/** The descriptors of an allocation extent (ECMA-167 4/14.5). */
async function continuation(volume: UdfVolume, address: Address): Promise<Uint8Array> {
  const block = await readBlock(volume, address);
  if (block.length < ALLOCATION_HEADER || tagAt(block) !== Tag.allocationExtent)
    throw new UnreadableContainer('image-broken');
  return block.subarray(ALLOCATION_HEADER, ALLOCATION_HEADER + viewOf(block).getUint32(20, true));
}

function descriptorAt(bytes: Uint8Array, partition: number): Descriptor {
  const view = viewOf(bytes);
  const word = view.getUint32(0, true);
  const addressAt = bytes.length === WIDTHS.extended ? 12 : 4;
  return {
    type: word >>> 30,
    length: word & 0x3fffffff,
    block: view.getUint32(addressAt, true),
    partition: bytes.length === WIDTHS.short ? partition : view.getUint16(addressAt + 4, true),
  };
}
