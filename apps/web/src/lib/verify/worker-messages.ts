import type { PickedFile } from '#lib/ui/dropped-files.ts';
import type { PackageCheck, Progress } from './check-package.ts';
import type { PublishedKey } from './signature.ts';

/** What the page asks of the worker, once. */
export interface CheckQuestion {
  picked: PickedFile[];
  keys: readonly PublishedKey[] | null;
}

/** What the worker tells: how far it is, then one of the others. */
export type CheckAnswer =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'checked'; check: PackageCheck }
  /** `sentence` says why a container or its list is not opened; null when it has no list. */
  | { kind: 'refused'; sentence: string | null };
