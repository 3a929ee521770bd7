import type { Attributes } from '@filmpost/dicom/attributes.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { type DecodingTools, type NativeFrame, decode } from '@filmpost/imaging/decode.ts';
import { type FrameDescription, describeFrame } from '@filmpost/imaging/description.ts';
import { rasterOf } from '@filmpost/imaging/frame-raster.ts';
import { startingWindow } from '@filmpost/imaging/grey.ts';
import { type Raster, resized } from '@filmpost/imaging/raster.ts';
import { frameBytes } from '@filmpost/imaging/pixel-format.ts';
import { NoPicture } from '@filmpost/imaging/refusals.ts';
import { storedValues } from '@filmpost/imaging/stored-values.ts';
import { inflateRaw } from './inflating.ts';
import { InstanceFile, UnreadableFile } from './instance-file.ts';
import { Kept } from './kept.ts';
import type { MadePicture, Order } from './picture-making.ts';

interface DecodedFrame {
  native: NativeFrame;
  description: FrameDescription;
  framesPerSecond: number | null;
}

const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
const KEPT_BYTES = 96 * 1024 * 1024;
const KEPT_HEADS = 8;

/** Makes pictures of the disc's files and holds on to few: memory stays flat however many images there are. */
export class PictureMaker {
  readonly #tools: (withCodecs: boolean) => Promise<DecodingTools>;
  readonly #frames = new Kept<DecodedFrame>(KEPT_BYTES);
  readonly #opened = new Kept<InstanceFile>(KEPT_HEADS);
  #files: ReadonlyMap<string, Blob> = new Map();

  /** @param tools gives the codecs too when asked for them, which takes a moment the first time */
  constructor(tools: (withCodecs: boolean) => Promise<DecodingTools>) {
    this.#tools = tools;
  }

  open(files: ReadonlyMap<string, Blob>): void {
    this.#files = files;
    this.#frames.clear();
    this.#opened.clear();
  }

  /** @throws NoPicture, UnreadableFile, with a sentence for the reader */
  async make(order: Order): Promise<MadePicture> {
    const { native, description, framesPerSecond } = await this.#decoded(order);
    const { samplesPerPixel, photometricInterpretation } = native.format;
    const grey = samplesPerPixel === 1 && photometricInterpretation !== 'PALETTE COLOR';
    const window = grey ? (order.window ?? startingWindow(storedValues(native), description)) : null;
    const raster = reduced(rasterOf(native, description, order.window), order.most, description.aspect);
    const { columns, rows } = raster;
    const aspect = order.most === null ? description.aspect : 1;
    return { columns, rows, rgba: rgbaOf(raster), aspect, window, framesPerSecond };
  }

  async #decoded(order: Order): Promise<DecodedFrame> {
    const key = `${order.frameNumber} ${order.path}`;
    const kept = this.#frames.get(key);
    if (kept) return kept;
    const file = await this.#file(order);
    const description = describeFrame(file.head, order.frameNumber, file.read);
    const native = await this.#native(file, description, order.frameNumber);
    const frame = { native, description, framesPerSecond: paceOf(file.head.attributes) };
    this.#frames.put(key, frame, native.bytes.byteLength);
    return frame;
  }

  async #native(file: InstanceFile, { format }: FrameDescription, frameNumber: number): Promise<NativeFrame> {
    const { transferSyntaxUid } = file.head;
    const bytes = file.frame(frameNumber);
    const tools = await this.#tools(transferSyntax(transferSyntaxUid).encapsulated);
    if (transferSyntaxUid !== DEFLATED_FRAMES) return decode({ transferSyntaxUid, format, bytes }, tools);
    const plain = await inflateRaw(bytes, frameBytes(format) + 1).catch(() => {
      throw new NoPicture('damaged');
    });
    return decode({ transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN, format, bytes: plain }, tools);
  }

  async #file({ path, sopInstanceUid }: Order): Promise<InstanceFile> {
    const opened = this.#opened.get(path);
    if (opened) return opened;
    const file = this.#files.get(path);
    if (!file)
      throw new UnreadableFile(
        'This image was not found in the folder that was opened. Open the whole disc.',
      );
    const instance = await InstanceFile.open(file, sopInstanceUid);
    this.#opened.put(path, instance, 1);
    return instance;
  }
}

/** Recommended Display Frame Rate, Cine Rate or Frame Time (PS3.3 C.7.6.5). */
function paceOf(attributes: Attributes): number | null {
  const rate = attributes.number(0x00082144) ?? attributes.number(0x00180040);
  const time = attributes.number(0x00181063);
  const pace = rate ?? (time ? 1000 / time : null);
  return pace !== null && pace > 0 && pace < 1000 ? pace : null;
}

function reduced(raster: Raster, most: number | null, aspect: number): Raster {
  if (most === null) return raster;
  const scale = most / Math.max(raster.columns, raster.rows * aspect);
  const size = {
    columns: Math.max(1, Math.round(raster.columns * scale)),
    rows: Math.max(1, Math.round(raster.rows * aspect * scale)),
  };
  return resized(raster, { x: 0, y: 0, width: raster.columns, height: raster.rows }, size);
}

function rgbaOf({ channels, samples, columns, rows }: Raster): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(columns * rows * 4).fill(255);
  for (let pixel = 0, from = 0; pixel < columns * rows; pixel++, from += channels) {
    const to = pixel * 4;
    rgba[to] = samples[from]!;
    rgba[to + 1] = samples[channels === 1 ? from : from + 1]!;
    rgba[to + 2] = samples[channels === 1 ? from : from + 2]!;
  }
  return rgba;
}
