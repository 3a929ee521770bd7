/** The DICOM JSON model (PS3.18 annex F) as `JSON.parse` gives it, as far as a directory looks at it. */

export interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
}

/** Elements by their tag in eight hexadecimal digits. */
export interface JsonDataSet {
  readonly [tag: string]: JsonElement | undefined;
}

/** Whether a value of a sequence is an item. */
export function isDataSet(value: unknown): value is JsonDataSet {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
