/** Where each frame's bytes lie (PS3.5 section 8.1 and A.4, PS3.3 C.7.6.3), so that frames can be served by range. */

import { ITEM_HEADER, walkFragments } from './fragments.ts';
import type { Fragments, ReadAt } from './fragments.ts';
import type { Head, PixelDataLocation } from './head.ts';
import { frameCount, nativeFrameBits } from './pixel-location.ts';
import { extendedOffsets } from './offset-tables.ts';
import { transferSyntax } from './transfer-syntaxes.ts';

/** Offset and length in bytes: in the file, or in the inflated data set where `inflated` says so. */
export type Segment = [offset: number, length: number];

/** Native pixels: frames follow each other without a gap, at one bit a pixel even within bytes. */
export interface NativeLayout {
  kind: 'native';
  inflated: boolean;
  frames: number;
  frameBits: number;
  offset: number;
  /** Bytes really there. */
  length: number;
}

/** Encapsulated pixels: each fragment's item follows the one before, so their lengths tell where they are. */
export interface FragmentLayout {
  kind: 'fragments';
  inflated: boolean;
  frames: number;
  /** Where the item header of the first fragment begins. */
  first: number;
  /** Bytes of each frame's fragment, or of its several fragments. */
  lengths: (number | number[])[];
}

/** The same as an earlier version wrote it down: offset, length, offset, length… of the fragments of each frame. */
export interface EarlierFragmentLayout {
  kind: 'fragments';
  inflated: boolean;
  frames: number;
  fragments: number[][];
}

/** One recording in which frames cannot be told apart from outside: offset, length… of the whole. */
export interface VideoLayout {
  kind: 'video';
  inflated: boolean;
  frames: number;
  fragments: number[];
}

/** No frames to be had, and why. */
export interface NoLayout {
  kind: 'none';
  reason: 'no-pixel-data' | 'no-size' | 'frames-not-told-apart';
}

/** A plain JSON value: kept with the instance, so that serving a frame needs no look at the head. */
export type FrameLayout = NativeLayout | FragmentLayout | EarlierFragmentLayout | VideoLayout | NoLayout;

/** The bytes of one frame: join the segments, then drop `bitOffset` bits at the start. */
export interface FrameBytes {
  segments: Segment[];
  /** Above 0 only for one-bit frames that do not start with a byte; see `alignBits`. */
  bitOffset: number;
  /** Bits of the frame; null when its codec tells. */
  bits: number | null;
  /** False when the file ends within the frame. */
  complete: boolean;
}

/** What the attributes say of native pixels. */
interface Announced {
  frames: number;
  frameBits: number;
}

function nativeLayout(head: Head, pixelData: PixelDataLocation, announced: Announced): FrameLayout {
  const { frameBits } = announced;
  if (frameBits <= 0) return { kind: 'none', reason: 'no-size' };
  const { offset, length } = pixelData;
  const held = Math.ceil((length * 8) / frameBits);
  const frames = Math.min(announced.frames, held);
  return { kind: 'native', inflated: head.encoding.deflated, frames, frameBits, offset, length };
}

/** Which fragments begin a frame: by the offset table, or by how a frame of any codec begins. */
function frameStarts(walked: Fragments, frames: number): Set<number> {
  const { lengths, basicOffsets, starts } = walked;
  const tabled = new Set(basicOffsets);
  const byTable = new Set<number>();
  let offset = 0;
  lengths.forEach((length, index) => {
    if (tabled.has(offset)) byTable.add(index);
    offset += ITEM_HEADER + length;
  });
  return byTable.size === frames && tabled.size === frames ? byTable : starts;
}

/** Lengths of fragments gathered into frames; null when the frames cannot be told apart. */
function gather(walked: Fragments, frames: number): (number | number[])[] | null {
  const { lengths } = walked;
  if (frames === 1 && lengths.length !== 1) return [lengths];
  if (lengths.length <= frames) return lengths;
  const starts = frameStarts(walked, frames);
  const gathered: number[][] = [];
  lengths.forEach((length, index) => {
    if (index === 0 || starts.has(index)) gathered.push([length]);
    else gathered.at(-1)!.push(length);
  });
  if (gathered.length !== frames) return null;
  return gathered.map((frame) => (frame.length === 1 ? frame[0]! : frame));
}

function encapsulatedLayout(head: Head, pixelData: PixelDataLocation, readAt: ReadAt): FrameLayout {
  const inflated = head.encoding.deflated;
  const frames = frameCount(head.attributes);
  const tabled = extendedOffsets(head, pixelData, readAt);
  if (tabled !== null) return { kind: 'fragments', inflated, frames, ...tabled };
  const walked = walkFragments(pixelData.offset, pixelData.offset + pixelData.length, readAt);
  const { first } = walked;
  if (transferSyntax(head.transferSyntaxUid).video) {
    const fragments = itemSegments(first, walked.lengths).flat();
    return { kind: 'video', inflated, frames, fragments };
  }
  const lengths = gather(walked, frames);
  if (lengths === null) return { kind: 'none', reason: 'frames-not-told-apart' };
  return { kind: 'fragments', inflated, frames: lengths.length, first, lengths };
}

/**
 * Finds the frames of an instance.
 * @param readAt reads from the file the head came from, or from its inflated data set when it is deflated;
 *   called for encapsulated pixels only, with small lengths that may reach past the end: it then gives less
 */
export function frameLayout(head: Head, readAt: ReadAt): FrameLayout {
  const { pixelData } = head;
  if (pixelData === null) return { kind: 'none', reason: 'no-pixel-data' };
  if (pixelData.encapsulated) return encapsulatedLayout(head, pixelData, readAt);
  const { encapsulated, video } = transferSyntax(head.transferSyntaxUid);
  const announced = { frames: frameCount(head.attributes), frameBits: nativeFrameBits(head.attributes) };
  const nativeLength = Math.ceil((announced.frameBits * announced.frames) / 8);
  if (!encapsulated || pixelData.length >= nativeLength) return nativeLayout(head, pixelData, announced);
  const fragments = [pixelData.offset, pixelData.length];
  const inflated = head.encoding.deflated;
  if (video) return { kind: 'video', inflated, frames: announced.frames, fragments };
  return { kind: 'fragments', inflated, frames: 1, fragments: [fragments] };
}

/** Where the fragments lie whose items begin at `first`. */
function itemSegments(first: number, lengths: readonly number[]): Segment[] {
  let at = first;
  return lengths.map((length) => {
    at += ITEM_HEADER + length;
    return [at - length, length];
  });
}

function fragmentsFrame({ first, lengths }: FragmentLayout, index: number): Segment[] | null {
  const frame = lengths[index];
  if (frame === undefined) return null;
  let at = first;
  for (let before = 0; before < index; before++) {
    const passed = lengths[before]!;
    if (typeof passed === 'number') at += ITEM_HEADER + passed;
    else for (const length of passed) at += ITEM_HEADER + length;
  }
  return itemSegments(at, typeof frame === 'number' ? [frame] : frame);
}

function pairs(numbers: number[]): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) segments.push([numbers[at]!, numbers[at + 1]!]);
  return segments;
}

function nativeFrame(layout: NativeLayout, index: number): FrameBytes {
  const firstBit = index * layout.frameBits;
  const first = Math.floor(firstBit / 8);
  const end = Math.ceil((firstBit + layout.frameBits) / 8);
  const held = Math.min(end, layout.length);
  return {
    segments: [[layout.offset + first, held - first]],
    bitOffset: firstBit % 8,
    bits: layout.frameBits,
    complete: held === end,
  };
}

/** Where frame `frameNumber`, counted from 1, lies; null when there is no such frame. Video is frame 1, whole. */
export function frameSegments(layout: FrameLayout, frameNumber: number): FrameBytes | null {
  if (layout.kind === 'none' || !Number.isInteger(frameNumber) || frameNumber < 1) return null;
  const whole = { bitOffset: 0, bits: null, complete: true };
  if (layout.kind === 'video')
    return frameNumber === 1 ? { segments: pairs(layout.fragments), ...whole } : null;
  if (frameNumber > layout.frames) return null;
  if (layout.kind === 'native') return nativeFrame(layout, frameNumber - 1);
  const index = frameNumber - 1;
  const segments =
    'lengths' in layout
      ? fragmentsFrame(layout, index)
      : layout.fragments[index] && pairs(layout.fragments[index]);
  return segments ? { segments, ...whole } : null;
}

/** The bytes of a one-bit frame moved to start with a byte, unused bits of the last byte zero. */
export function alignBits(bytes: Uint8Array, bitOffset: number, bits: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bits / 8));
  for (let at = 0; at < out.length; at++)
    out[at] = ((bytes[at] ?? 0) >> bitOffset) | ((bytes[at + 1] ?? 0) << (8 - bitOffset));
  const unused = out.length * 8 - bits;
  if (unused > 0) out[out.length - 1]! &= 0xff >> unused;
  return out;
}
