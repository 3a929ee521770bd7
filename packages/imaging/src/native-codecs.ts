import { NoPicture } from './refusals.ts';

/** The decoders and the encoder inside the module, by the names it exports. */
type Procedure =
  'DecodeJpeg' | 'DecodeJpegLs' | 'DecodeJpeg2000' | 'DecodeHtJpeg2000' | 'DecodeJpegXl' | 'EncodeJpeg';

/** What a codec is told of a picture; samples are interleaved and take whole bytes. */
export interface CodecPicture {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  /** 8 or 16. */
  bitsAllocated: number;
  bitsStored: number;
  signed: boolean;
}

type Exports = Record<string, (...numbers: number[]) => number> & { memory: WebAssembly.Memory };
/** Sampling of the chroma channels: none is dropped. */
const SAMPLING_444 = 0;
/** libjpeg carries on after these; a picture made so is not the one that was stored. */
const BROKEN_JPEG = /Premature end|Corrupt JPEG data: (?!.*extraneous)|Unsupported marker/;

/**
 * libjpeg, CharLS, OpenJPEG, OpenJPH and libjxl as one WebAssembly module. It is called without the JavaScript that
 * comes with it: that one needs a whole DICOM parser, and hides what the codecs tell of damage.
 */
export class NativeCodecs {
  readonly #module: WebAssembly.Module;
  #exports: Exports | null = null;
  #startSize = 0;
  #messages: string[] = [];

  /** @param module `dcmjs-native-codecs.wasm` of `dcmjs-codecs`, compiled; a process has it from a file, a page in itself */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Native little endian samples of a compressed picture. @throws NoPicture when the codec gives up */
  decode(procedure: Procedure, picture: CodecPicture, compressed: Uint8Array): Uint8Array {
    return this.#call((codecs) => {
      const context = this.#context(codecs, picture);
      this.#fill(codecs, { context, buffer: 'Encoded', bytes: compressed });
      const parameters = codecs.CreateDecoderParameters!();
      codecs[procedure]!(context, parameters);
      if (this.#messages.some((message) => BROKEN_JPEG.test(message))) throw new NoPicture('damaged');
      codecs.ReleaseDecoderParameters!(parameters);
      return this.#take(codecs, context, 'Decoded');
    });
  }

  /** A baseline JPEG of 8-bit grey or RGB. `quality` is from 1 to 100. */
  encodeJpeg(picture: CodecPicture, samples: Uint8Array, quality: number): Uint8Array {
    return this.#call((codecs) => {
      const context = this.#context(codecs, picture);
      this.#fill(codecs, { context, buffer: 'Decoded', bytes: samples });
      const parameters = codecs.CreateEncoderParameters!();
      codecs.SetLossy!(parameters, 1);
      codecs.SetQuality!(parameters, quality);
      codecs.SetSampleFactor!(parameters, SAMPLING_444);
      codecs.EncodeJpeg!(context, parameters);
      codecs.ReleaseEncoderParameters!(parameters);
      return this.#take(codecs, context, 'Encoded');
    });
  }

  /** What threw may have left anything behind, and memory once grown never shrinks: then the next call starts anew. */
  #call(work: (codecs: Exports) => Uint8Array): Uint8Array {
    this.#messages = [];
    const codecs = (this.#exports ??= this.#instantiate());
    this.#startSize ||= codecs.memory.buffer.byteLength;
    try {
      const result = work(codecs);
      if (codecs.memory.buffer.byteLength > this.#startSize) this.#exports = null;
      return result;
    } catch (error) {
      this.#exports = null;
      throw error instanceof NoPicture ? error : new NoPicture('damaged');
    }
  }

  #context(codecs: Exports, picture: CodecPicture): number {
    const context = codecs.CreateCodecsContext!();
    codecs.SetColumns!(context, picture.columns);
    codecs.SetRows!(context, picture.rows);
    codecs.SetBitsAllocated!(context, picture.bitsAllocated);
    codecs.SetBitsStored!(context, picture.bitsStored);
    codecs.SetSamplesPerPixel!(context, picture.samplesPerPixel);
    codecs.SetPixelRepresentation!(context, picture.signed ? 1 : 0);
    codecs.SetPlanarConfiguration!(context, 0);
    return context;
  }

  #fill(
    codecs: Exports,
    { context, buffer, bytes }: { context: number; buffer: 'Encoded' | 'Decoded'; bytes: Uint8Array },
  ): void {
    codecs[`Set${buffer}BufferSize`]!(context, bytes.length);
    const at = codecs[`Get${buffer}Buffer`]!(context);
    new Uint8Array(codecs.memory.buffer).set(bytes, at);
  }

  #take(codecs: Exports, context: number, buffer: 'Encoded' | 'Decoded'): Uint8Array {
    const at = codecs[`Get${buffer}Buffer`]!(context);
    const size = codecs[`Get${buffer}BufferSize`]!(context);
    const bytes = new Uint8Array(codecs.memory.buffer, at >>> 0, size >>> 0).slice();
    codecs.ReleaseCodecsContext!(context);
    return bytes;
  }

  #instantiate(): Exports {
    const succeed = () => 0;
    const badFile = () => 8;
    const give = (): never => {
      throw new NoPicture('damaged');
    };
    const instance = new WebAssembly.Instance(this.#module, {
      env: {
        emscripten_notify_memory_growth: succeed,
        onCodecsInfo: (at: number, length: number) => this.#hear(at, length),
        onCodecsTrace: succeed,
        onCodecsException: give,
      },
      // No files, no clock, no environment.
      wasi_snapshot_preview1: {
        proc_exit: give,
        clock_time_get: succeed,
        fd_write: badFile,
        fd_close: badFile,
        fd_seek: badFile,
        environ_get: succeed,
        environ_sizes_get: (count: number, size: number) => {
          const view = new DataView(exports.memory.buffer);
          view.setUint32(count, 0, true);
          view.setUint32(size, 0, true);
          return 0;
        },
      },
    });
    // What WebAssembly.Module.exports lists of this very module.
    const exports = instance.exports as unknown as Exports;
    exports._initialize!();
    return exports;
  }

  #hear(at: number, length: number): void {
    const memory = this.#exports?.memory;
    if (memory && this.#messages.length < 16)
      this.#messages.push(new TextDecoder('latin1').decode(new Uint8Array(memory.buffer, at, length)));
  }
}
