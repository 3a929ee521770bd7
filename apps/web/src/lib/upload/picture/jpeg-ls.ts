import charLs from '@cornerstonejs/codec-charls/decodewasmjs';
import wasm from '@cornerstonejs/codec-charls/decodewasm?url';
import { type SampledFrame, sampled } from './decode-frame.ts';
import type { Look } from './look.ts';

let codec: ReturnType<typeof charLs> | null = null;

/** JPEG-LS (ISO/IEC 14495-1; PS3.5 A.4.3). */
export async function decodeJpegLs(bytes: Uint8Array, look: Look): Promise<SampledFrame> {
  const { JpegLSDecoder } = await (codec ??= charLs({ locateFile: () => wasm }));
  const decoder = new JpegLSDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const planar = decoder.getFrameInfo().componentCount > 1 && decoder.getInterleaveMode() === 0;
    return sampled(new Uint8Array(decoder.getDecodedBuffer()), { ...look, planar });
  } finally {
    decoder.delete();
  }
}
