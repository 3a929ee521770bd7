/** What one directory record takes over from the instances below it. */

import { tagText } from '../json.ts';
import { isDataSet } from './dicom-json.ts';
import type { JsonDataSet } from './dicom-json.ts';
import type { Key, SequenceKey, ValueKey } from './keys.ts';
import { recordKeys } from './record-keys.ts';
import type { RecordType } from './record-types.ts';
import { admitted } from './values.ts';
import type { Value } from './values.ts';

/** A key with its values; with none it is empty. */
export interface TakenValue {
  readonly key: ValueKey;
  readonly values: readonly Value[];
}

/** A sequence with what its items keep. */
export interface TakenSequence {
  readonly key: SequenceKey;
  readonly items: readonly (readonly Taken[])[];
}

export type Taken = TakenValue | TakenSequence;

/** Told of a key that had to be made up, and whether the instance had something that its VR does not allow. */
export type Report = (key: Key, reason: 'missing' | 'not-allowed') => void;

/** Values of one attribute beyond this many are left out; Image Type is the longest that occurs. */
const MOST_VALUES = 64;

/** The keys of one record, gathered from one instance after another: the first that has a key gives it. */
export class RecordContent {
  private readonly keys: readonly Key[];
  private readonly found = new Map<Key, Taken>();
  private readonly standIns = new Map<Key, Taken>();
  private readonly refused = new Set<Key>();
  private wanted: readonly Key[];

  constructor(type: RecordType) {
    this.keys = recordKeys(type);
    this.wanted = this.keys;
  }

  /** Looks for what is still missing. */
  offer(dataSet: JsonDataSet): void {
    this.wanted = this.wanted.filter((key) => !this.takes(key, dataSet));
  }

  /** All keys of the record; those of type 1 that were nowhere are made up and reported. */
  complete(place: number, report: Report): Taken[] {
    return this.keys.flatMap((key): Taken[] => {
      const found = this.found.get(key);
      if (found !== undefined) return [found];
      if (key.type === 3) return [];
      if (key.type === 2) return [key.vr === 'SQ' ? { key, items: [] } : { key, values: [] }];
      report(key, this.refused.has(key) ? 'not-allowed' : 'missing');
      return [this.standIns.get(key) ?? invented(key, place)];
    });
  }

  private takes(key: Key, dataSet: JsonDataSet): boolean {
    const taken = take(key, dataSet);
    if (taken !== null) {
      this.found.set(key, taken);
      return true;
    }
    if (dataSet[tagText(key.tag)]?.Value?.some((value) => value !== null)) this.refused.add(key);
    if (key.vr !== 'SQ' && !this.standIns.has(key)) this.findStandIn(key, dataSet);
    return false;
  }

  private findStandIn(key: ValueKey, dataSet: JsonDataSet): void {
    for (const tag of key.instead) {
      const taken = take({ ...key, tag }, dataSet);
      if (taken !== null && 'values' in taken) return void this.standIns.set(key, { ...taken, key });
    }
  }
}

function take(key: Key, dataSet: JsonDataSet): Taken | null {
  const raw = key.vr !== 'SQ' && key.within > 0 ? greatest(key, dataSet) : dataSet[tagText(key.tag)]?.Value;
  if (raw === undefined || raw.length === 0) return null;
  return key.vr === 'SQ' ? takeItems(key, raw) : takeValues(key, raw);
}

/** The latest, where the values are dates. */
function greatest({ tag, within }: ValueKey, dataSet: JsonDataSet): unknown[] {
  const items = dataSet[tagText(within)]?.Value?.filter(isDataSet) ?? [];
  const values = items
    .map((item) => item[tagText(tag)]?.Value?.[0])
    .filter((value) => typeof value === 'string');
  return values.sort().slice(-1);
}

function takeValues(key: ValueKey, raw: readonly unknown[]): TakenValue | null {
  const values = raw
    .slice(0, key.count === 1 ? 1 : MOST_VALUES)
    .map((value) => (value === null ? null : admitted(key.vr, value)));
  const some = values.length > 1 && values[0] !== null;
  const whole = key.count === 0 ? some : values.length === key.count && !values.includes(null);
  return whole ? { key, values: values.map((value) => value ?? '') } : null;
}

function takeItems(key: SequenceKey, raw: readonly unknown[]): TakenSequence | null {
  const items = raw
    .filter(isDataSet)
    .filter(key.keeps)
    .map((item) => takeAll(key.items, item))
    .filter((item) => item.length > 0);
  return items.length > 0 ? { key, items } : null;
}

/** What an item keeps; empty where it must be there and is not. */
function takeAll(keys: readonly Key[], item: JsonDataSet): Taken[] {
  return keys.flatMap((key): Taken[] => {
    const taken = take(key, item);
    if (taken !== null) return [taken];
    if (key.type === 3) return [];
    return [key.vr === 'SQ' ? { key, items: [] } : { key, values: [] }];
  });
}

function invented(key: Key, place: number): Taken {
  if (key.vr !== 'SQ') {
    const values = key.otherwise.replace('#', String(place)).split('\\');
    return { key, values: values.map((value) => admitted(key.vr, value) ?? value) };
  }
  const item = Object.entries(key.otherwise).map(([tag, value]) => [
    tagText(Number(tag)),
    { Value: [value] },
  ]);
  const made = takeAll(key.items, Object.fromEntries(item));
  return { key, items: made.length > 0 ? [made] : [] };
}
