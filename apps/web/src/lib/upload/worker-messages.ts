import type { PackParts, SealedPack } from './content-key.ts';
import type { FoundFile } from './understand-file.ts';

/** What the page asks of the worker; every question gets one answer with its number. */
export type Question =
  { kind: 'understand'; files: readonly { at: number; file: File }[] } | { kind: 'seal'; parts: PackParts };

export type Answer =
  | { kind: 'understood'; found: FoundFile[] }
  | { kind: 'sealed'; pack: SealedPack }
  /** Places within the pack of the files that cannot be read. */
  | { kind: 'unreadable'; places: number[] };

export interface Numbered<Content> {
  number: number;
  content: Content;
}
