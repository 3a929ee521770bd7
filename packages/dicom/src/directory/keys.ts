/** The vocabulary in which record keys are listed (PS3.3 section F.5). */

import type { JsonDataSet } from './dicom-json.ts';
import type { ValueVr } from './values.ts';

interface AnyKey {
  readonly tag: number;
  /** As PS3.6 calls it. */
  readonly name: string;
  /** 1: never empty, so it is invented where the instance lacks it. 2: empty then. 3: left out then. */
  readonly type: 1 | 2 | 3;
}

/** A key with a value; several where `count` says how many. */
export interface ValueKey extends AnyKey {
  readonly vr: ValueVr;
  /** How many values there must be, 1 unless said otherwise; 0 for two or more. */
  readonly count: number;
  /** The sequence in whose items the value lies; the greatest of theirs counts. 0 for the data set itself. */
  readonly within: number;
  /** Attributes of the instance that stand in when the key itself is missing. */
  readonly instead: readonly number[];
  /** What a missing key of type 1 says in the end; `#` is the record's place among its siblings. */
  readonly otherwise: string;
}

/** A key that is a sequence, and what its items keep. */
export interface SequenceKey extends AnyKey {
  readonly vr: 'SQ';
  readonly items: readonly Key[];
  /** Which items are kept; all of them unless said otherwise. */
  readonly keeps: (item: JsonDataSet) => boolean;
  /** The only item of a missing sequence of type 1. */
  readonly otherwise: Readonly<Record<number, string>>;
}

export type Key = ValueKey | SequenceKey;

type ValueOptions = Partial<Pick<ValueKey, 'type' | 'count' | 'within' | 'instead' | 'otherwise'>>;
type SequenceOptions = Partial<Pick<SequenceKey, 'type' | 'keeps' | 'otherwise'>>;

/** A key with a value: `key(0x00200010, 'SH', 'Study ID')`. Optional unless a type is given. */
export function key(tag: number, vr: ValueVr, name: string, options: ValueOptions = {}): ValueKey {
  return { tag, vr, name, type: 3, count: 1, within: 0, instead: [], otherwise: '#', ...options };
}

/** A key with a value that must be there. */
export function required(tag: number, vr: ValueVr, name: string, options: ValueOptions = {}): ValueKey {
  return key(tag, vr, name, { type: 1, ...options });
}

/** A key with a value that may be empty. */
export function known(tag: number, vr: ValueVr, name: string): ValueKey {
  return key(tag, vr, name, { type: 2 });
}

/** A sequence, written as name, items and how it is used. */
export function sequence(
  tag: number,
  name: string,
  { items, ...options }: SequenceOptions & { items: readonly Key[] },
): SequenceKey {
  return {
    tag,
    vr: 'SQ',
    name,
    type: 3,
    items: inOrder(items),
    keeps: () => true,
    otherwise: {},
    ...options,
  };
}

/** Keys as they stand in a record, tags ascending (PS3.5 7.1), so that lists can be put together freely. */
export function inOrder(keys: readonly Key[]): readonly Key[] {
  return [...keys].sort((a, b) => a.tag - b.tag);
}
