/** What the scanner finds: where every element lies, before anything is decoded. */

/** One element. `start` and `length` are byte positions of the value in the scanned bytes. */
export interface Element {
  /** Group in the high 16 bits, always unsigned. */
  tag: number;
  /** VR number as in vr.ts; `UN` where it is unknown. */
  vr: number;
  start: number;
  length: number;
  /** The items of a sequence; null for every other element. */
  items: DataSet[] | null;
}

/** The elements of the file or of one sequence item, in file order until `settleOrder`. */
export interface DataSet {
  elements: Element[];
  /** Tags ascend strictly, as PS3.5 section 7.1 demands. */
  ascending: boolean;
}

/** Puts a data set whose tags do not ascend in order; of a tag that repeats the last one stays. */
export function settleOrder(set: DataSet): void {
  if (set.ascending) return;
  const last = new Map<number, Element>();
  for (const element of set.elements) last.set(element.tag, element);
  set.elements = [...last.values()].sort((a, b) => a.tag - b.tag);
  set.ascending = true;
}

/** The element of a tag in a settled data set. */
export function findElement(set: DataSet, tag: number): Element | undefined {
  const { elements } = set;
  let low = 0;
  let high = elements.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const element = elements[middle]!;
    if (element.tag === tag) return element;
    if (element.tag < tag) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
