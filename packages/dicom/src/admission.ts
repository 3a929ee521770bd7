/** Whether what was scanned can be filed as an instance. */

import type { Attributes } from './attributes.ts';
import { findElement } from './data-set.ts';
import type { DataSet } from './data-set.ts';
import type { Meta } from './file-meta.ts';
import type { FileStart } from './file-start.ts';
import type { Identity } from './head.ts';
import { refused } from './reading.ts';
import type { HeadResult } from './reading.ts';
import type { ScanStop } from './scan-input.ts';
import { Tag } from './tags.ts';

/** Media Storage Directory Storage: the SOP class of a DICOMDIR (PS3.4 I.4). */
export const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** Directory records are there, or the beginning of a directory. */
export function isDirectory(dataSet: DataSet): boolean {
  return [Tag.directoryRecordSequence, Tag.fileSetId].some((tag) => findElement(dataSet, tag) !== undefined);
}

const IDENTITY: [key: keyof Identity, name: string][] = [
  ['sopClassUid', 'SOP Class UID'],
  ['sopInstanceUid', 'SOP Instance UID'],
  ['studyInstanceUid', 'Study Instance UID'],
  ['seriesInstanceUid', 'Series Instance UID'],
];

interface Scanned {
  attributes: Attributes;
  identity: Identity;
  stop: ScanStop | null;
}

/** Why a scanned data set cannot be an instance; null when it can. */
export function admissionRefusal(start: FileStart, meta: Meta, scanned: Scanned): HeadResult | null {
  const { attributes, identity, stop } = scanned;
  const cutOff = stop === 'cut-off';
  if (identity.sopClassUid === MEDIA_STORAGE_DIRECTORY) return refused('dicomdir', 'SOP class');
  const missing = IDENTITY.filter(([key]) => identity[key] === '').map(([, name]) => name);
  if (cutOff && (missing.length > 0 ? start.marked : attributes.has(Tag.rows)))
    return refused('truncated', 'ends within the header');
  if (missing.length === 0) return null;
  if (!start.marked && !meta.found && missing.includes('SOP Class UID'))
    return refused('not-dicom', 'begins like a data set but has no SOP Class UID');
  return refused('no-identity', `without ${missing.join(', ')}`);
}
