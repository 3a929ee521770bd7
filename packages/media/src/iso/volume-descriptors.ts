/** Volume descriptors (ECMA-119 8.4, 8.5 and 8.3; Joliet specification 1.0), a sector each. */

import type { DirectoryTree } from './directory-tree.ts';
import { SECTOR } from './directory-tree.ts';
import { aCharacters, both16, both32, putLongDate, putPadded, putText } from './fields.ts';

/** What a disc says of itself. */
export interface IsoVolume {
  /** Label of the disc: 1 to 16 of A–Z, 0–9 and _. On DICOM media the File-set ID (PS3.12 F.1.1). */
  readonly volumeId: string;
  /** The time of everything on the disc, so that the same files give the same image. */
  readonly created: Date;
  /** Who gives the disc out, e.g. the institution. */
  readonly publisher?: string;
  /** What made the disc. */
  readonly application?: string;
}

const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const TERMINATOR = 255;
/** Two bytes a character, Joliet level 3: ISO/IEC 2022's escape for UCS-2. */
const JOLIET_ESCAPE = '%/E';

/** Text fields: where, how long, and which. */
const IDENTIFIERS: readonly [at: number, length: number, field: 'publisher' | 'application' | null][] = [
  [190, 128, null],
  [318, 128, 'publisher'],
  [446, 128, 'application'],
  [574, 128, 'application'],
  [702, 37, null],
  [739, 37, null],
  [776, 37, null],
];

/** The descriptor of one tree; `sectors` are those of the whole disc. */
export function volumeDescriptor(tree: DirectoryTree, volume: IsoVolume, sectors: number): Uint8Array {
  const { wide } = tree;
  const bytes = new Uint8Array(SECTOR);
  const view = new DataView(bytes.buffer);
  putStart(view, wide ? SUPPLEMENTARY : PRIMARY);
  putPadded(view, 8, { text: '', length: 32, wide });
  putPadded(view, 40, { text: volume.volumeId, length: 32, wide });
  both32(view, 80, sectors);
  if (wide) putText(view, 88, { text: JOLIET_ESCAPE, wide: false });
  both16(view, 120, 1);
  both16(view, 124, 1);
  both16(view, 128, SECTOR);
  both32(view, 132, tree.pathTableSize);
  view.setUint32(140, tree.pathTables.little, true);
  view.setUint32(148, tree.pathTables.big, false);
  tree.putRootRecord(view, 156, volume.created);
  for (const [at, length, field] of IDENTIFIERS) {
    const text = (field && volume[field]) ?? '';
    putPadded(view, at, { text: wide ? text : aCharacters(text), length, wide });
  }
  [813, 830].forEach((at) => putLongDate(view, at, volume.created));
  putLongDate(view, 847, null);
  putLongDate(view, 864, volume.created);
  view.setUint8(881, 1);
  return bytes;
}

/** What ends the descriptors. */
export function terminator(): Uint8Array {
  const bytes = new Uint8Array(SECTOR);
  putStart(new DataView(bytes.buffer), TERMINATOR);
  return bytes;
}

function putStart(view: DataView, type: number): void {
  view.setUint8(0, type);
  putText(view, 1, { text: 'CD001', wide: false });
  view.setUint8(6, 1);
}
