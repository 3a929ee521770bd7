/** Which directory record lists which SOP class (PS3.3 F.3.2.2 and the IOD tables of PS3.3 annex A). */

import { sopClassName } from '../sop-classes.ts';

const ROOT = '1.2.840.10008.5.1.4.';

/** What follows `1.2.840.10008.5.1.4.`; a hyphen spans the numbers of the last component. */
const CLASSES = {
  'RT DOSE': '1.1.481.2',
  'RT STRUCTURE SET': '1.1.481.3',
  'RT PLAN': '1.1.481.5 1.1.481.8',
  'RT TREAT RECORD': '1.1.481.4 1.1.481.6 1.1.481.7 1.1.481.9',
  RADIOTHERAPY: '1.1.481.10-22',
  PLAN: '34.1 34.7 34.10',
  PRESENTATION: '1.1.11.1-11 1.1.131',
  WAVEFORM: '1.1.9.1 1.1.9.1.1-3 1.1.9.2.1 1.1.9.3.1 1.1.9.4.1-2 1.1.9.5.1 1.1.9.6.1-2 1.1.9.7.1-4 1.1.9.8.1',
  'SR DOCUMENT':
    '1.1.88.1-4 1.1.88.11 1.1.88.22 1.1.88.33-35 1.1.88.40 1.1.88.50 1.1.88.65-76 1.1.78.6 1.1.79.1',
  'KEY OBJECT DOC': '1.1.88.59',
  SPECTROSCOPY: '1.1.4.2',
  'RAW DATA': '1.1.66',
  REGISTRATION: '1.1.66.1 1.1.66.3',
  FIDUCIAL: '1.1.66.2',
  SURFACE: '1.1.66.5',
  TRACT: '1.1.66.6',
  'VALUE MAP': '1.1.67',
  'SURFACE SCAN': '1.1.68.1-2',
  STEREOMETRIC: '1.1.77.1.5.3',
  MEASUREMENT: '1.1.78.1-5 1.1.78.7-8 1.1.80.1',
  ASSESSMENT: '1.1.90.1',
  ANNOTATION: '1.1.91.1',
  'ENCAP DOC': '1.1.104.1-5',
  'HANGING PROTOCOL': '38.1',
  PALETTE: '39.1',
  IMPLANT: '43.1',
  'IMPLANT ASSY': '44.1',
  'IMPLANT GROUP': '45.1',
  /** Retired standalone objects, protocols and security scans, which no record type was ever made for or is left for. */
  PRIVATE: '1.1.8 1.1.9 1.1.10 1.1.11 1.1.129 1.1.200.1-3 1.1.200.7-8 1.1.501.3 1.1.501.6',
} as const;

/** The types of record that reference an instance. */
export type LeafType = keyof typeof CLASSES | 'IMAGE';
export type RecordType = LeafType | 'PATIENT' | 'STUDY' | 'SERIES';

/** These belong to no patient; their records stand beside the patients (PS3.3 table F.4-1). */
export const ROOT_LEAVES: ReadonlySet<LeafType> = new Set([
  'HANGING PROTOCOL',
  'PALETTE',
  'IMPLANT',
  'IMPLANT ASSY',
  'IMPLANT GROUP',
] as const);

const TYPES = new Map<string, LeafType>();
for (const type of Object.keys(CLASSES) as (keyof typeof CLASSES)[])
  for (const uid of CLASSES[type].split(' ').flatMap(spanned)) TYPES.set(ROOT + uid, type);

function spanned(suffixes: string): string[] {
  const [, stem = '', from, to] = /^(.*\.)(\d+)-(\d+)$/.exec(suffixes) ?? [];
  if (from === undefined) return [suffixes];
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => stem + (Number(from) + index));
}

/**
 * The record for an instance. A listed class with no record type of its own is an image; a class we do not know,
 * somebody's private one, is an image when it has `pixels`, and otherwise gets a PRIVATE record, as nothing may be
 * left out of a File-set.
 */
export function recordTypeOf(sopClassUid: string, pixels: boolean): LeafType {
  const type = TYPES.get(sopClassUid);
  if (type !== undefined) return type;
  return pixels || sopClassName(sopClassUid) !== null ? 'IMAGE' : 'PRIVATE';
}
