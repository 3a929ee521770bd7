import type { ContainerKind } from '@filmpost/media/reading/recognise.ts';
import type { PackParts, SealedPack, SealingFailure } from './content-key.ts';
import type { DiscBytes } from './disc/disc-file.ts';
import type { BesideLists, ListFindings } from './disc/disc-lists.ts';
import type { Opened } from './disc/open-container.ts';
import type { FoundFile } from './understand-file.ts';

/** What the page asks of a worker; every question gets one answer with its number. */
export type Question =
  | { kind: 'understand'; files: readonly { at: number; bytes: DiscBytes }[] }
  | { kind: 'open'; bytes: DiscBytes; container: ContainerKind; depth: number }
  | { kind: 'seal'; files: PackParts['files'] }
  /** Bytes `start` to `end` of a pack that is too large to be held whole. */
  | { kind: 'piece'; parts: PackParts; start: number; end: number }
  | { kind: 'picture'; bytes: DiscBytes }
  | ({ kind: 'compare' } & BesideLists);

export interface Answers {
  understand: FoundFile[];
  open: Opened;
  seal: SealedPack | SealingFailure;
  /** Null when it cannot be read. */
  piece: Blob | null;
  /** Null when there is nothing that can be shown. */
  picture: Blob | null;
  compare: ListFindings;
}

export type AnswerTo<Asked extends Question> = Answers[Asked['kind']];

export interface Numbered<Content> {
  number: number;
  content: Content;
}
