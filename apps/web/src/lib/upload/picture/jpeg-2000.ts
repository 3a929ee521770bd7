import openJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import wasm from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import { type SampledFrame, sampled } from './decode-frame.ts';
import type { Look } from './look.ts';

let codec: ReturnType<typeof openJpeg> | null = null;

/** JPEG 2000 (ISO/IEC 15444-1; PS3.5 A.4.4). */
export async function decodeJpeg2000(bytes: Uint8Array, look: Look): Promise<SampledFrame> {
  const { J2KDecoder } = await (codec ??= openJpeg({ locateFile: () => wasm, print: () => undefined }));
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const decoded = new Uint8Array(decoder.getDecodedBuffer());
    return sampled(decoded, { ...look, planar: false });
  } finally {
    decoder.delete();
  }
}
