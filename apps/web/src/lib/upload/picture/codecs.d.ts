/** What is used of the codecs, which come without types of their own. */

interface CornerstoneDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  getInterleaveMode(): number;
  delete(): void;
}

interface EmscriptenOptions {
  locateFile(): string;
  /** What the codec says of each step; to the console unless given. */
  print?(): void;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export default function openJpeg(
    options: EmscriptenOptions,
  ): Promise<{ J2KDecoder: new () => CornerstoneDecoder }>;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  export default function charLs(
    options: EmscriptenOptions,
  ): Promise<{ JpegLSDecoder: new () => CornerstoneDecoder }>;
}

declare module 'jpeg-lossless-decoder-js' {
  const jpeg: {
    lossless: {
      Decoder: new () => { decompress(buffer: ArrayBuffer, offset: number, length: number): ArrayBuffer };
    };
  };
  export default jpeg;
}
