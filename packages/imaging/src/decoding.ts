/** Compressed frames to native ones, for whoever hands out pixels in another transfer syntax than the stored one. */

import type { NativeFrame, StoredFrame } from './decode.ts';
import { imagingProcesses } from './processes.ts';

export type { NativeFrame, StoredFrame } from './decode.ts';
export { pixelFormat, type PixelFormat } from './pixel-format.ts';
export { NoPicture } from './refusals.ts';

/**
 * One stored frame as Explicit VR Little Endian has it (PS3.5 A.2), decoded in a bounded process.
 *
 * `bytes` of the answer are exactly one native frame: Rows × Columns × Samples per Pixel × Bits Allocated, one-bit frames
 * packed and filled up to a byte. Its `format` says what Photometric Interpretation and Planar Configuration are now:
 * JPEG 2000's YBR_ICT and YBR_RCT become RGB, a JPEG's YBR_FULL_422 becomes YBR_FULL, planes come together.
 * @throws NoPicture: `unknown-codec`, `unsupported`, `damaged`, `too-large`, `too-slow`, `died`, `busy`
 */
export async function decodeFrame(frame: StoredFrame): Promise<NativeFrame> {
  return imagingProcesses().run<'decode'>({ kind: 'decode', frame });
}
