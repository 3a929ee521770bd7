import { reaches } from '../attributes/rules.ts';
import { commonPrefix, startingWith } from '../rules.ts';
import type { Attribute, Level, Match, NameMatch, NamePart, SearchKey } from '../schema.ts';

/** Puts a value into a statement's parameters and names its place, `$7`. */
export type Bind = (value: unknown) => string;

/** Text that stands for a time with all of its digits: `HHMMSSFFFFFF`. */
const time = (column: string) => `rpad(translate(${column}, ':.', ''), 12, '0') collate "C"`;

/** Where the catalogue keeps what may be asked for, in tables named `study`, `patient`, `series` and `instance`. */
const COLUMNS: Record<string, string> = {
  StudyDate: 'study.study_date',
  StudyTime: 'study.study_time',
  AccessionNumber: 'study.accession_number',
  InstanceAvailability: `'ONLINE'::text`,
  ModalitiesInStudy: 'study.modalities',
  SOPClassesInStudy: 'instance.sop_class_uid',
  InstitutionName: 'study.institution',
  ReferringPhysicianName: 'lowered_names(study.referring_physician)',
  StudyDescription: 'study.description',
  PatientName: 'study.patient_name_folded',
  PatientID: 'study.patient_identifier',
  IssuerOfPatientID: 'patient.issuer',
  PatientBirthDate: 'patient.birth_date',
  PatientSex: 'upper(patient.sex)',
  StudyInstanceUID: 'study.study_instance_uid',
  StudyID: 'study.study_id',
  NumberOfStudyRelatedSeries: 'study.series_count',
  NumberOfStudyRelatedInstances: 'study.instance_count',
  SeriesDate: 'series.series_date',
  SeriesTime: 'series.series_time',
  Modality: 'series.modality',
  SeriesDescription: 'series.description',
  BodyPartExamined: 'upper(series.body_part)',
  SeriesInstanceUID: 'series.series_instance_uid',
  SeriesNumber: 'series.series_number',
  NumberOfSeriesRelatedInstances: 'series.instance_count',
  PerformedProcedureStepStartDate: 'series.procedure_step_date',
  PerformedProcedureStepStartTime: 'series.procedure_step_time',
  'RequestAttributesSequence.ScheduledProcedureStepID': 'request.step',
  'RequestAttributesSequence.RequestedProcedureID': 'request.procedure',
  SOPClassUID: 'instance.sop_class_uid',
  SOPInstanceUID: 'instance.sop_instance_uid',
  AvailableTransferSyntaxUID: 'instance.transfer_syntax_uid',
  InstanceNumber: 'instance.instance_number',
  NumberOfFrames: 'instance.number_of_frames',
  Rows: 'instance.image_rows',
  Columns: 'instance.image_columns',
  BitsAllocated: 'instance.bits_allocated',
};

/** Whether the catalogue can be asked for this attribute. */
export function isSearchable(attribute: Attribute): boolean {
  return attribute.keyword in COLUMNS;
}

/** Whether a condition speaks of the table of patients, which then has to be joined. */
export function needsPatient({ attribute }: SearchKey): boolean {
  return COLUMNS[attribute.keyword]?.includes('patient.') ?? false;
}

const BELOW: Record<Level, string> = {
  study: 'series left join instance on instance.series_id = series.id where series.study_id = study.id',
  series: 'instance where instance.series_id = series.id',
  instance: '',
};

/**
 * The conditions that keys put on what is found at a level: one each on itself and what it belongs to, and one that
 * something below it matches all that is asked of what lies below.
 */
export function conditionsOn(level: Level, keys: readonly SearchKey[], bind: Bind): string[] {
  const isOwn = ({ attribute }: SearchKey) => reaches(attribute.level, level);
  const own = conditions(keys.filter(isOwn), bind);
  const below = conditions(
    keys.filter((key) => !isOwn(key)),
    bind,
  );
  if (below.length === 0) return own;
  return [...own, `exists (select from ${BELOW[level]} and ${below.join(' and ')})`];
}

const REQUESTS =
  'unnest(series.scheduled_step_ids, series.requested_procedure_ids) as request (step, procedure)';

/** One item of a sequence has to match all that is asked of its items (PS3.4 C.2.2.2.6); none has no value. */
function conditions(keys: readonly SearchKey[], bind: Bind): string[] {
  const isInItem = ({ attribute }: SearchKey) => attribute.keyword.includes('.');
  const others = keys.filter((key) => !isInItem(key)).map((key) => conditionOf(key, bind));
  const [empty, wanted] = [
    keys.filter(isInItem).filter(isEmpty),
    keys.filter(isInItem).filter((key) => !isEmpty(key)),
  ];
  const items = wanted.map((key) => conditionOf(key, bind));
  return [
    ...others,
    ...empty.map(
      ({ attribute }) => `not exists (select from ${REQUESTS} where ${COLUMNS[attribute.keyword]} <> '')`,
    ),
    ...(items.length > 0 ? [`exists (select from ${REQUESTS} where ${items.join(' and ')})`] : []),
  ];
}

const isEmpty = ({ match }: SearchKey) => match.kind === 'empty';

/** A condition on the tables of the key's attribute. */
function conditionOf({ attribute, match }: SearchKey, bind: Bind): string {
  const column = COLUMNS[attribute.keyword] ?? 'null';
  switch (attribute.keyword) {
    case 'ModalitiesInStudy':
      return modalitiesCondition(match, bind);
    case 'SOPClassesInStudy':
      return `exists (select from instance where instance.study_id = study.id and ${plain(column, match, bind)})`;
  }
  return attribute.vr === 'TM' ? timeCondition(column, match, bind) : plain(column, match, bind);
}

function plain(column: string, match: Match, bind: Bind): string {
  switch (match.kind) {
    case 'values':
      return match.values.length === 1
        ? `${column} = ${bind(match.values[0])}`
        : `${column} = any(${bind(match.values)}::text[])`;
    case 'patterns':
      return like(column, match.patterns, bind);
    case 'numbers':
      return `${column} = any(${bind(match.numbers)}::int[])`;
    case 'range':
      return between(column, match, bind);
    case 'names':
      return either(match.names.map((name) => nameCondition(column, name, bind)));
    case 'empty':
      return `coalesce(${column}::text, '') = ''`;
  }
}

/**
 * A plan that is made for any pattern knows no index for LIKE; for the letters it begins with, it does. Where these
 * are all that is asked for, comparing them says it all: LIKE would double the price of finding.
 */
function like(column: string, patterns: readonly string[], bind: Bind): string {
  const prefix = commonPrefix(patterns);
  if (prefix === '') return byLetters(column, patterns, bind);
  const begins = `${column} ~>=~ ${bind(prefix)} and ${column} ~<~ ${bind(`${prefix}\u{10ffff}`)}`;
  return patterns.every((pattern) => pattern === startingWith(prefix))
    ? `(${begins})`
    : `(${begins} and ${byLetters(column, patterns, bind)})`;
}

/** Any of the patterns, as an index of letters finds them. */
function byLetters(column: string, patterns: readonly string[], bind: Bind): string {
  return either(patterns.map((pattern) => `${column} like ${bind(pattern)}`));
}

function either(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? 'false') : `(${['false', ...conditions].join(' or ')})`;
}

function between(column: string, { from, to }: { from?: string; to?: string }, bind: Bind): string {
  const ends = [
    ...(from === undefined ? [] : [`${column} >= ${bind(from)}`]),
    ...(to === undefined ? [] : [`${column} <= ${bind(to)}`]),
  ];
  return ends.join(' and ');
}

function timeCondition(column: string, match: Match, bind: Bind): string {
  return match.kind === 'range'
    ? `(${column} <> '' and ${between(time(column), match, bind)})`
    : plain(column, match, bind);
}

/**
 * Also said of the lists of modalities that there are: which of them match is known before any study is looked at, and
 * an index leads to their studies by the hash. Different lists may have the same.
 */
function modalitiesCondition(match: Match, bind: Bind): string {
  return `hash_array(study.modalities) = any(array(
      select hash_array(list.modalities) from modalities_in_study list
      where ${anyModality('list.modalities', match, bind)}))
    and ${anyModality('study.modalities', match, bind)}`;
}

function anyModality(list: string, match: Match, bind: Bind): string {
  if (match.kind === 'values') return `${list} && ${bind(match.values)}::text[]`;
  if (match.kind === 'patterns') {
    return `exists (select from unnest(${list}) as modality where ${like('modality', match.patterns, bind)})`;
  }
  return `cardinality(array_remove(${list}, '')) = 0`;
}

function nameCondition(column: string, { parts }: NameMatch, bind: Bind): string {
  const conditions = parts.map((part) =>
    column === COLUMNS.PatientName ? partCondition(part, bind) : like(column, part.lowered, bind),
  );
  return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
}

/** Names in other scripts than Latin may stand in a group that only the table of patients holds. */
function partCondition({ folded, lowered, foreign }: NamePart, bind: Bind): string {
  if (!foreign) return like('study.patient_name_folded', folded, bind);
  return `study.id = any(array(
    select named.id from study named where ${byLetters('named.patient_name_folded', folded, bind)}
    union all
    select named.id from patient written join study named on named.patient_id = written.id
    where written.other_names <> '' and ${byLetters('written.other_names', lowered, bind)}))`;
}
