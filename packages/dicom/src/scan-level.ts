/** The scanner's place in nested sequences: a stack of these instead of recursion. */

import type { DataSet, Element } from './data-set.ts';

export interface Level {
  /** Receives elements; null while between the items of `sequence`. */
  set: DataSet | null;
  /** Receives items; null while inside a data set. */
  sequence: Element | null;
  /** Where it ends at the latest: its own declared end or that of what holds it. */
  end: number;
  /** False for undefined length, which a delimiter closes. */
  defined: boolean;
  explicit: boolean;
  /** Pixel Representation (0028,0103) is 1: elements that are US or SS are SS. */
  signed: boolean;
}

/** The level of a data set or item. */
export function setLevel(set: DataSet, parent: Omit<Level, 'set' | 'sequence'>): Level {
  return {
    set,
    sequence: null,
    end: parent.end,
    defined: parent.defined,
    explicit: parent.explicit,
    signed: parent.signed,
  };
}
