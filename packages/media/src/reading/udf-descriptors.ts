/** The descriptors of UDF 1.02 to 2.60 that a reader needs (ECMA-167 3rd edition, OSTA UDF 2.60). */

import { viewOf } from './byte-source.ts';
import type { Extent } from './contained-file.ts';

export const Tag = {
  anchor: 2,
  partition: 5,
  logicalVolume: 6,
  terminator: 8,
  fileSet: 256,
  fileIdentifier: 257,
  allocationExtent: 258,
  fileEntry: 261,
  extendedFileEntry: 266,
} as const;

export const TAG_BYTES = 16;

/** The identifier of a descriptor whose tag adds up (ECMA-167 3/7.2); null where there is none. */
export function tagAt(bytes: Uint8Array, at = 0): number | null {
  if (bytes.length < at + TAG_BYTES) return null;
  let sum = 0;
  for (let i = 0; i < TAG_BYTES; i++) if (i !== 4) sum += bytes[at + i] ?? 0;
  const identifier = viewOf(bytes).getUint16(at, true);
  return identifier !== 0 && (sum & 0xff) === bytes[at + 4] ? identifier : null;
}

/** Where something is: a logical block of one of the volume's partitions. */
export interface Address {
  partition: number;
  block: number;
}

/** A long allocation descriptor (ECMA-167 4/14.14.2): an address and a length in bytes. */
export function longAddress(bytes: Uint8Array, at: number): Address & { length: number } {
  const view = viewOf(bytes);
  return {
    length: view.getUint32(at, true) & 0x3fffffff,
    block: view.getUint32(at + 4, true),
    partition: view.getUint16(at + 8, true),
  };
}

/** Length and first sector of a volume descriptor sequence (ECMA-167 3/7.1), in bytes and sectors. */
export function anchoredExtents(anchor: Uint8Array): { bytes: number; sector: number }[] {
  const view = viewOf(anchor);
  return [16, 24].map((at) => ({ bytes: view.getUint32(at, true), sector: view.getUint32(at + 4, true) }));
}

/** A partition as the volume descriptor sequence has it, in sectors of the image. */
export interface PartitionDescriptor {
  number: number;
  start: number;
}

export function partitionDescriptor(bytes: Uint8Array): PartitionDescriptor {
  const view = viewOf(bytes);
  return { number: view.getUint16(22, true), start: view.getUint32(188, true) };
}

/** A partition map (UDF 2.60 2.2.8 to 2.2.10): how one of the volume's partitions lies on the disc. */
export interface PartitionMap {
  kind: 'plain' | 'virtual' | 'sparable' | 'metadata' | 'unknown';
  /** Number of the partition it maps to. */
  number: number;
  bytes: Uint8Array;
}

export interface LogicalVolume {
  blockBytes: number;
  fileSet: Address;
  maps: PartitionMap[];
}

export function logicalVolume(bytes: Uint8Array): LogicalVolume {
  const view = viewOf(bytes);
  const maps: PartitionMap[] = [];
  const end = Math.min(bytes.length, 440 + view.getUint32(264, true));
  for (let at = 440; at + 6 <= end;) {
    const length = bytes[at + 1] ?? 0;
    if (length < 6 || at + length > end) break;
    maps.push(partitionMap(bytes.subarray(at, at + length)));
    at += length;
  }
  return { blockBytes: view.getUint32(212, true), fileSet: longAddress(bytes, 248), maps };
}

const KINDS: Record<string, PartitionMap['kind']> = {
  '*UDF Virtual Partition': 'virtual',
  '*UDF Sparable Partition': 'sparable',
  '*UDF Metadata Partition': 'metadata',
};

function partitionMap(bytes: Uint8Array): PartitionMap {
  const view = viewOf(bytes);
  if (bytes[0] === 1) return { kind: 'plain', number: view.getUint16(4, true), bytes };
  if (bytes[0] !== 2 || bytes.length < 64) return { kind: 'unknown', number: 0, bytes };
  const name = new TextDecoder('latin1').decode(bytes.subarray(5, 28)).replace(/\0.*$/s, '');
  return { kind: KINDS[name] ?? 'unknown', number: view.getUint16(38, true), bytes };
}

/** A file or folder (ECMA-167 4/14.9 and 14.17): how large it is and where its allocation descriptors stand. */
export interface FileEntry {
  fileType: number;
  size: number;
  /** How its allocation descriptors are written, or `inline` where they are the content itself. */
  allocation: 'short' | 'long' | 'extended' | 'inline';
  /** Within the block of the entry. */
  descriptors: Extent;
}

const ALLOCATIONS = ['short', 'long', 'extended', 'inline'] as const;

const SHORTEST_ENTRY = 216;

/** Null when the block holds no file entry. */
export function fileEntry(block: Uint8Array): FileEntry | null {
  const tag = block.length < SHORTEST_ENTRY ? null : tagAt(block);
  if (tag !== Tag.fileEntry && tag !== Tag.extendedFileEntry) return null;
  const view = viewOf(block);
  const lengthsAt = tag === Tag.fileEntry ? 168 : 208;
  const offset = lengthsAt + 8 + view.getUint32(lengthsAt, true);
  const length = view.getUint32(lengthsAt + 4, true);
  const allocation = ALLOCATIONS[view.getUint16(34, true) & 7];
  if (!allocation || offset + length > block.length) return null;
  return {
    fileType: view.getUint8(27),
    size: Number(view.getBigUint64(56, true)),
    allocation,
    descriptors: { offset, length },
  };
}
