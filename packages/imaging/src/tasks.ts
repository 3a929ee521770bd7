/** What the house asks of an imaging process, and what it answers. Structured clones: buffers travel as they are. */

import type { NativeFrame, StoredFrame } from './decode.ts';
import type { RefusalReason } from './refusals.ts';
import type { Picture, PictureOrder } from './render.ts';

export type Task = { kind: 'decode'; frame: StoredFrame } | { kind: 'render'; order: PictureOrder };

/** The answer to each kind of task. */
export interface Answers {
  decode: NativeFrame;
  render: Picture;
}

export type Reply = { answer: NativeFrame | Picture } | { refused: RefusalReason };

/** Handed to a new process on its command line. */
export interface Bounds {
  /** Resident memory of the whole process, in bytes. */
  memoryBytes: number;
  /** For one task, in milliseconds. */
  timeMs: number;
}
