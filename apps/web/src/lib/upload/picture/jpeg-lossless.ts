import lossless from 'jpeg-lossless-decoder-js';
import { type SampledFrame, sampled } from './decode-frame.ts';
import type { Look } from './look.ts';

/** JPEG lossless, process 14 (ISO/IEC 10918-1 annex H; PS3.5 A.4.2). */
export function decodeJpegLossless(bytes: Uint8Array<ArrayBuffer>, look: Look): SampledFrame {
  const decoder = new lossless.lossless.Decoder();
  const own = new Uint8Array(bytes);
  const decoded = new Uint8Array(decoder.decompress(own.buffer, 0, own.length));
  return sampled(decoded, { ...look, planar: false });
}
