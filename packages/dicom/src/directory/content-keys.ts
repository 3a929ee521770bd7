/** Keys that several record types share: dates, numbers, codes and references (PS3.3 section F.5). */

import { Tag } from '../tags.ts';
import { key, known, required, sequence } from './keys.ts';
import type { Key } from './keys.ts';

/** What a date or time says when nothing in the instance says more. */
export const NO_DATE = '19000101';
export const NO_TIME = '000000';

/** Where to look for the date and time of what has none of its own. */
export const OTHER_DATES: readonly number[] = [Tag.acquisitionDate, Tag.seriesDate, Tag.studyDate];
export const OTHER_TIMES: readonly number[] = [Tag.acquisitionTime, Tag.seriesTime, Tag.studyTime];

export const instanceNumber = required(Tag.instanceNumber, 'IS', 'Instance Number');

export const content: readonly Key[] = [
  instanceNumber,
  required(Tag.contentDate, 'DA', 'Content Date', { instead: OTHER_DATES, otherwise: NO_DATE }),
  required(Tag.contentTime, 'TM', 'Content Time', { instead: OTHER_TIMES, otherwise: NO_TIME }),
];

/** The Content Identification Macro (PS3.3 table 10-12). */
export const identification: readonly Key[] = [
  instanceNumber,
  required(Tag.contentLabel, 'CS', 'Content Label', { otherwise: 'UNLABELLED' }),
  known(Tag.contentDescription, 'LO', 'Content Description'),
  known(0x00700084, 'PN', "Content Creator's Name"),
];

/** Instance Number stands in both. */
export const identifiedContent: readonly Key[] = [...new Set([...content, ...identification])];

/** An item that is a coded concept (PS3.3 section 8.8). */
export const CODE: readonly Key[] = [
  key(0x00080100, 'SH', 'Code Value'),
  key(0x00080102, 'SH', 'Coding Scheme Designator'),
  key(0x00080103, 'SH', 'Coding Scheme Version'),
  key(0x00080104, 'LO', 'Code Meaning'),
  key(0x00080119, 'UC', 'Long Code Value'),
  key(0x00080120, 'UR', 'URN Code Value'),
];

/** The code of what has no name. */
export const UNNAMED = { 0x00080100: 'UNNAMED', 0x00080102: '99FILMPOST', 0x00080104: 'Without a title' };

/** An item that refers to an instance. */
export const REFERENCE: readonly Key[] = [
  key(0x00081150, 'UI', 'Referenced SOP Class UID'),
  key(0x00081155, 'UI', 'Referenced SOP Instance UID'),
];

export const referencedImages = sequence(0x00081140, 'Referenced Image Sequence', { items: REFERENCE });
