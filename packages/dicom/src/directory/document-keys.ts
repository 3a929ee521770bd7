/** Keys of what is read rather than looked at: reports, key objects, presentations, documents. */

import { Tag } from '../tags.ts';
import {
  CODE,
  NO_DATE,
  NO_TIME,
  OTHER_DATES,
  OTHER_TIMES,
  UNNAMED,
  content,
  identification,
  instanceNumber,
  referencedImages,
} from './content-keys.ts';
import type { JsonDataSet } from './dicom-json.ts';
import { key, known, required, sequence } from './keys.ts';
import type { Key } from './keys.ts';

const conceptName = sequence(0x0040a043, 'Concept Name Code Sequence', {
  type: 1,
  items: CODE,
  otherwise: UNNAMED,
});

/** What modifies the title of a document, and nothing else of its content (PS3.3 F.5.25). */
const conceptModifiers = sequence(0x0040a730, 'Content Sequence', {
  keeps: (item: JsonDataSet) => item['0040A010']?.Value?.[0] === 'HAS CONCEPT MOD',
  items: [
    key(0x0040a010, 'CS', 'Relationship Type'),
    key(0x0040a040, 'CS', 'Value Type'),
    { ...conceptName, type: 3 },
    key(0x0040a160, 'UT', 'Text Value'),
    sequence(0x0040a168, 'Concept Code Sequence', { items: CODE }),
  ],
});

const referencedSeries = sequence(Tag.referencedSeriesSequence, 'Referenced Series Sequence', {
  items: [referencedImages, key(Tag.seriesInstanceUid, 'UI', 'Series Instance UID')],
});

const VERIFYING_OBSERVERS = 0x0040a073;

export const srDocument: readonly Key[] = [
  ...content,
  key(0x0040a030, 'DT', 'Verification DateTime', { within: VERIFYING_OBSERVERS }),
  conceptName,
  required(Tag.completionFlag, 'CS', 'Completion Flag', { otherwise: 'PARTIAL' }),
  required(Tag.verificationFlag, 'CS', 'Verification Flag', { otherwise: 'UNVERIFIED' }),
  conceptModifiers,
];

export const keyObjectDocument: readonly Key[] = [...content, conceptName, conceptModifiers];

export const presentation: readonly Key[] = [
  referencedSeries,
  ...identification,
  required(0x00700082, 'DA', 'Presentation Creation Date', {
    instead: [Tag.contentDate, ...OTHER_DATES],
    otherwise: NO_DATE,
  }),
  required(0x00700083, 'TM', 'Presentation Creation Time', {
    instead: [Tag.contentTime, ...OTHER_TIMES],
    otherwise: NO_TIME,
  }),
  sequence(0x00700402, 'Blending Sequence', {
    items: [referencedSeries, key(Tag.studyInstanceUid, 'UI', 'Study Instance UID')],
  }),
];

export const encapsulatedDocument: readonly Key[] = [
  known(Tag.contentDate, 'DA', 'Content Date'),
  known(Tag.contentTime, 'TM', 'Content Time'),
  instanceNumber,
  { ...conceptName, type: 2 },
  key(0x0040e001, 'ST', 'HL7 Instance Identifier'),
  known(Tag.documentTitle, 'ST', 'Document Title'),
  required(Tag.mimeTypeOfEncapsulatedDocument, 'LO', 'MIME Type of Encapsulated Document', {
    otherwise: 'application/octet-stream',
  }),
];
