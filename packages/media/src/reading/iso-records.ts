/** Directory records of ISO 9660 (ECMA-119 9.1). */

import { viewOf } from './byte-source.ts';

/** One record. Blocks are logical blocks of the volume, sizes bytes. */
export interface IsoRecord {
  name: string;
  block: number;
  attributeBlocks: number;
  size: number;
  folder: boolean;
  /** The file goes on in the next record (multi-extent). */
  continues: boolean;
  interleaved: boolean;
  /** It lies on another disc of a set. */
  otherDisc: boolean;
}

const SHORTEST = 34;
const SECTOR = 2048;
const FOLDER = 0x02;
const ASSOCIATED = 0x04;
const MULTI_EXTENT = 0x80;

/** The records of a folder's bytes, without the folder itself, its parent, and what belongs to other files. */
export function* isoRecords(bytes: Uint8Array, joliet: boolean): Generator<IsoRecord> {
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0) {
      // Records do not cross sectors; what is left of this one is empty.
      at = (Math.floor(at / SECTOR) + 1) * SECTOR;
      continue;
    }
    const record = isoRecordAt(bytes.subarray(at, at + length), joliet ? 2 : 1);
    const flags = bytes[at + 25] ?? 0;
    if (record && record.name !== '' && !(flags & ASSOCIATED)) yield record;
    at += length;
  }
}

/** @param width bytes of a character; 0 when the name does not matter. Null when it is no record. */
export function isoRecordAt(bytes: Uint8Array, width: 0 | 1 | 2): IsoRecord | null {
  if (bytes.length < SHORTEST) return null;
  const view = viewOf(bytes);
  const flags = view.getUint8(25);
  const raw = bytes.subarray(33, 33 + view.getUint8(32));
  return {
    name: width === 0 || isSelfOrParent(raw) ? '' : plainName(raw, width),
    block: view.getUint32(2, true),
    attributeBlocks: view.getUint8(1),
    size: view.getUint32(10, true),
    folder: (flags & FOLDER) !== 0,
    continues: (flags & MULTI_EXTENT) !== 0,
    interleaved: view.getUint8(26) !== 0 || view.getUint8(27) !== 0,
    otherDisc: view.getUint16(28, true) > 1,
  };
}

function isSelfOrParent(raw: Uint8Array): boolean {
  return raw.length === 1 && (raw[0] === 0 || raw[0] === 1);
}

/** Without the version (`;1`) and the dot of a name without extension (ECMA-119 7.5.1). */
function plainName(raw: Uint8Array, width: 1 | 2): string {
  const text = new TextDecoder(width === 2 ? 'utf-16be' : 'latin1').decode(raw);
  return text.replace(/;\d*$/, '').replace(/\.$/, '');
}
