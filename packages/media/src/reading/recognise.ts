import { holds } from './byte-source.ts';

/** How a file holds other files. `other`: archives that are known and not opened here. */
export type ContainerKind = 'zip' | 'disc-image' | 'raw-image' | 'other';

/** Where a disc image has the first of its volume descriptors (ECMA-119 6.2.1, ECMA-167 2/8.3). */
const DESCRIPTORS_AT = 32 * 1024;
const SECTOR = 2048;

/** Their first bytes; RAR, 7z, gzip with deflate, xz, bzip2. */
const OTHERS = ['Rar!\x1a\x07', "7z\xbc\xaf'\x1c", '\x1f\x8b\x08', '\xfd7zXZ\0', 'BZh91AY&SY'];
const RAW_SECTOR = `\0${'\xff'.repeat(10)}\0`;

/**
 * Tells by content whether a file holds files; names say nothing.
 * @param beginning its first 64 KiB, or all of it
 */
export function containerKind(beginning: Uint8Array): ContainerKind | null {
  if (holds(beginning, 0, 'PK\x03\x04') || holds(beginning, 0, 'PK\x05\x06')) return 'zip';
  // The marks of archives in several parts.
  if (holds(beginning, 0, 'PK\x07\x08') || holds(beginning, 0, 'PK00PK')) return 'zip';
  for (let at = DESCRIPTORS_AT; at < DESCRIPTORS_AT + 16 * SECTOR; at += SECTOR) {
    const mark = ['CD001', 'BEA01', 'NSR02', 'NSR03'].some((each) => holds(beginning, at + 1, each));
    if (mark) return 'disc-image';
  }
  if (holds(beginning, 0, RAW_SECTOR)) return 'raw-image';
  return OTHERS.some((mark) => holds(beginning, 0, mark)) ? 'other' : null;
}
