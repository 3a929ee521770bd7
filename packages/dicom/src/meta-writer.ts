/** A file meta information of our own, and what stands before it (PS3.10 section 7.1). */

import { joined } from './bytes.ts';
import { ElementBytes } from './explicit/element-bytes.ts';
import { vrCode } from './vr.ts';

/** Who writes files here, as file meta information names it (PS3.7 D.3.3.2). */
export const IMPLEMENTATION_CLASS_UID = '2.25.302611764210349735214668710512039482365';
export const IMPLEMENTATION_VERSION_NAME = 'FILMPOST';

const PREAMBLE = 128;
const text = new TextEncoder();

/** What a file meta information is about. */
export interface Described {
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
}

/** An empty preamble and the mark. */
export function fileMark(): Uint8Array {
  return joined([new Uint8Array(PREAMBLE), text.encode('DICM')]);
}

/** The elements that PS3.10 table 7.1-1 requires. The same input gives the same bytes. */
export function fileMeta({ sopClassUid, sopInstanceUid, transferSyntaxUid }: Described): Uint8Array {
  const bytes = new ElementBytes();
  bytes.element(0x00020001, vrCode('OB'), Uint8Array.of(0, 1));
  bytes.element(0x00020002, vrCode('UI'), text.encode(sopClassUid));
  bytes.element(0x00020003, vrCode('UI'), text.encode(sopInstanceUid));
  bytes.element(0x00020010, vrCode('UI'), text.encode(transferSyntaxUid));
  bytes.element(0x00020012, vrCode('UI'), text.encode(IMPLEMENTATION_CLASS_UID));
  bytes.element(0x00020013, vrCode('SH'), text.encode(IMPLEMENTATION_VERSION_NAME));
  const group = bytes.finish();
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, group.length, true);
  bytes.element(0x00020000, vrCode('UL'), length);
  return joined([bytes.finish(), group]);
}
