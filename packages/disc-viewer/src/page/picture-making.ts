/** What the page asks of its worker, and the answers: plain values, so that they travel. */

import type { Window } from '@filmpost/imaging/description.ts';

/** How the worker begins: with the codecs, gzip in base64, as the page holds them. */
export interface Beginning {
  kind: 'codecs';
  gzipBase64: string;
}

/** The files of the disc that the page was given, by their paths in the list. */
export interface Opening {
  kind: 'files';
  files: ReadonlyMap<string, Blob>;
}

export interface Order {
  kind: 'draw';
  path: string;
  sopInstanceUid: string;
  /** Counted from 1. */
  frameNumber: number;
  /** Instead of the image's own. */
  window: Window | null;
  /** Longest side of a thumbnail; null for all pixels. */
  most: number | null;
}

export interface MadePicture {
  columns: number;
  rows: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Height of a pixel by its width. */
  aspect: number;
  /** What it is shown with; null for colour, which has none. */
  window: Window | null;
  /** What the recording asks for; null where it does not. */
  framesPerSecond: number | null;
}

export type Reply = { picture: MadePicture } | { refused: string };
