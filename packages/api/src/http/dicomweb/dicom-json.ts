/** DICOM JSON attributes (PS3.18 Annex F), written in ascending tag order by whoever lists them. */
export interface JsonAttribute {
  vr: string;
  Value?: unknown[];
}
export type JsonDataSet = Record<string, JsonAttribute>;

function attribute(vr: string, values: readonly unknown[]): JsonAttribute {
  return values.length > 0 ? { vr, Value: [...values] } : { vr };
}

export function text(vr: string, value: string | null): JsonAttribute {
  return attribute(vr, value ? [value] : []);
}

export function texts(vr: string, values: readonly string[]): JsonAttribute {
  return attribute(vr, values.filter(Boolean));
}

export function number(vr: string, value: number | null): JsonAttribute {
  return attribute(vr, value === null ? [] : [value]);
}

/** `YYYY-MM-DD` as VR DA. */
export function date(day: string | null): JsonAttribute {
  return text('DA', day?.replaceAll('-', '') ?? null);
}

export function personName(name: {
  alphabetic: string;
  ideographic?: string;
  phonetic?: string;
}): JsonAttribute {
  const groups = [
    ['Alphabetic', name.alphabetic],
    ['Ideographic', name.ideographic],
    ['Phonetic', name.phonetic],
  ].filter(([, value]) => value);
  return attribute('PN', groups.length > 0 ? [Object.fromEntries(groups)] : []);
}
