import type { Head } from '@filmpost/dicom/head.ts';
import { REFUSAL_SENTENCES, type RefusalReason } from '@filmpost/dicom/refusals.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { calendarDay } from '../archive/rules.ts';
import type { RecognisedInstance } from '../archive/catalogue/schema.ts';

/** Why bytes that arrived are no part of an exam. */
export type SetAsideReason =
  | RefusalReason
  | 'duplicate'
  | 'conflict'
  | 'damaged-on-the-way'
  | 'malformed-pack'
  | 'other-study'
  | 'unreadable';

const OWN_SENTENCES: Record<Exclude<SetAsideReason, RefusalReason>, string> = {
  duplicate: 'The same image is there already, byte for byte.',
  conflict: 'Another image with the same identity is there already; both were kept for a person to look at.',
  'damaged-on-the-way': 'This file did not arrive as it was read from the disc.',
  'malformed-pack': 'The files did not arrive as they were sent.',
  'other-study': 'This image belongs to another exam than the one it was sent for.',
  unreadable: 'This file could not be understood.',
};

/** A sentence for a clerk, for any reason ever written down. */
export function setAsideSentence(reason: string): string {
  const sentences: Record<string, string> = { ...REFUSAL_SENTENCES, ...OWN_SENTENCES };
  return (Object.hasOwn(sentences, reason) && sentences[reason]) || OWN_SENTENCES.unreadable;
}

/** Longest texts the catalogue keeps; the metadata keeps them whole. */
const LONGEST_TEXT = 400;
/** A series is made for one request, or for a few at once. */
const MOST_REQUESTS = 32;
/** PostgreSQL's text holds no NUL, and a lone surrogate is no UTF-8. */
const clean = (text: string) =>
  (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed().trim().slice(0, LONGEST_TEXT);

/** At most 64 characters (PS3.5 9.1). Which characters is left to the makers of devices, as far as a name can be made of them. */
export function isPlausibleUid(uid: string): boolean {
  return /^[\x21-\x5b\x5d-\x7e]{1,64}$/.test(uid);
}

function wholeNumber(value: number | null): number | null {
  return value !== null && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? value : null;
}

/** A value of VR TM as it stands, if it looks like one. */
const time = (text: string) => /^\d{2}[\d:.]*/.exec(text.trim())?.[0].slice(0, 16) ?? '';

export type DescribedInstance = Pick<
  RecognisedInstance,
  | 'patient'
  | 'study'
  | 'series'
  | 'sopInstanceUid'
  | 'sopClassUid'
  | 'transferSyntaxUid'
  | 'instanceNumber'
  | 'numberOfFrames'
  | 'rows'
  | 'columns'
  | 'bitsAllocated'
>;

/** What the catalogue wants to know of an instance, from its head. */
export function describe(head: Head): DescribedInstance {
  const { attributes } = head;
  const text = (tag: number) => clean(attributes.text(tag));
  const name = attributes.personName(Tag.patientName);
  const requests = attributes.items(Tag.requestAttributesSequence).slice(0, MOST_REQUESTS);
  return {
    patient: {
      identifier: text(Tag.patientId),
      issuer: text(Tag.issuerOfPatientId),
      name: clean(name.alphabetic || name.ideographic || name.phonetic),
      nameIdeographic: clean(name.ideographic),
      namePhonetic: clean(name.phonetic),
      birthDate: calendarDay(text(Tag.patientBirthDate)),
      sex: text(Tag.patientSex),
    },
    study: {
      studyInstanceUid: head.studyInstanceUid,
      studyId: text(Tag.studyId),
      studyDate: calendarDay(text(Tag.studyDate)),
      studyTime: time(text(Tag.studyTime)),
      description: text(Tag.studyDescription),
      accessionNumber: text(Tag.accessionNumber),
      referringPhysician: clean(attributes.personName(Tag.referringPhysicianName).alphabetic),
      institution: text(Tag.institutionName),
    },
    series: {
      seriesInstanceUid: head.seriesInstanceUid,
      modality: text(Tag.modality).toUpperCase().slice(0, 16),
      seriesNumber: wholeNumber(attributes.number(Tag.seriesNumber)),
      description: text(Tag.seriesDescription),
      bodyPart: text(Tag.bodyPartExamined),
      seriesDate: calendarDay(text(Tag.seriesDate)),
      seriesTime: time(text(Tag.seriesTime)),
      procedureStepDate: calendarDay(text(Tag.performedProcedureStepStartDate)),
      procedureStepTime: time(text(Tag.performedProcedureStepStartTime)),
      scheduledStepIds: requests.map((item) => clean(item.text(Tag.scheduledProcedureStepId))),
      requestedProcedureIds: requests.map((item) => clean(item.text(Tag.requestedProcedureId))),
    },
    sopInstanceUid: head.sopInstanceUid,
    sopClassUid: head.sopClassUid,
    transferSyntaxUid: head.transferSyntaxUid,
    instanceNumber: wholeNumber(attributes.number(Tag.instanceNumber)),
    numberOfFrames: Math.max(1, wholeNumber(attributes.number(Tag.numberOfFrames)) ?? 1),
    rows: wholeNumber(attributes.number(Tag.rows)),
    columns: wholeNumber(attributes.number(Tag.columns)),
    bitsAllocated: wholeNumber(attributes.number(Tag.bitsAllocated)),
  };
}
