/** The data dictionary (PS3.6) as far as reading needs it: from tag to value representation. */

import { PACKED_TAGS, REPEATING_TAGS } from './dictionary.generated.ts';
import { VR_LO, VR_OW, VR_UL, VR_UN, VR_US_OR_SS, vrCode } from './vr.ts';

/** Implicit VR data is little endian with 16-bit words wherever the dictionary leaves OW open (PS3.5 A.1). */
const SETTLED: Record<string, number> = { XB: VR_OW, XL: VR_OW, XW: VR_US_OR_SS, XS: VR_US_OR_SS };

const KNOWN = new Map<number, number>();
for (const [vr, packed] of Object.entries(PACKED_TAGS)) {
  let tag = 0;
  for (const step of packed.split(' ')) KNOWN.set((tag += parseInt(step, 36)), SETTLED[vr] ?? vrCode(vr));
}

interface Repeating {
  mask: number;
  pattern: number;
  vr: number;
}

const REPEATING: Repeating[] = REPEATING_TAGS.map(([text, vr]) => ({
  mask: parseInt(text.replace(/[^x]/g, 'f').replace(/x/g, '0'), 16),
  pattern: parseInt(text.replace(/x/g, '0'), 16),
  vr: SETTLED[vr] ?? vrCode(vr),
}));

/** Private elements have an odd group number (PS3.5 section 7.8). */
export function isPrivate(tag: number): boolean {
  return (tag & 0x10000) !== 0;
}

/**
 * The VR number the dictionary gives a tag; `UN` for what it does not know, `VR_US_OR_SS` where the Pixel
 * Representation decides. Private creators are LO (PS3.5 7.8.1), group lengths UL (7.2).
 */
export function dictionaryVr(tag: number): number {
  const element = tag & 0xffff;
  if (isPrivate(tag)) return element >= 0x10 && element <= 0xff ? VR_LO : VR_UN;
  const known = KNOWN.get(tag);
  if (known !== undefined) return known;
  if (element === 0) return VR_UL;
  for (const { mask, pattern, vr } of REPEATING) if ((tag & mask) >>> 0 === pattern) return vr;
  return VR_UN;
}
