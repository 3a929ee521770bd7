/** What the house asks of an imaging process, and what it answers. Structured clones: buffers travel as they are. */

import type { NativeFrame, StoredFrame } from './decode.ts';
import type { ExplicitForm } from './explicit-form.ts';
import type { RefusalReason } from './refusals.ts';
import type { Picture, PictureOrder } from './render.ts';
import type { StoredInstance } from './stored-file.ts';

export type Task =
  | { kind: 'decode'; frame: StoredFrame }
  | { kind: 'render'; order: PictureOrder }
  | { kind: 'explicit'; instance: StoredInstance };

/** The answer to each kind of task. */
export interface Answers {
  decode: NativeFrame;
  render: Picture;
  explicit: ExplicitForm;
}

export type Reply = { answer: Answers[Task['kind']] } | { refused: RefusalReason };

/** Handed to a new process on its command line. */
export interface Bounds {
  /** Resident memory of the whole process, in bytes. */
  memoryBytes: number;
  /** For one task, in milliseconds. */
  timeMs: number;
}
