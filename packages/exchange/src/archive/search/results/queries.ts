import type { Level, Search } from '../schema.ts';

const UTF_8 = `'{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},'`;
const STUDY_URL = (studies: string) => `${studies} || '/' || url_segment(study.study_instance_uid)`;
const SERIES_URL = (studies: string) =>
  `${STUDY_URL(studies)} || '/series/' || url_segment(series.series_instance_uid)`;
const INSTANCE_URL = (studies: string) =>
  `${SERIES_URL(studies)} || '/instances/' || url_segment(instance.sop_instance_uid)`;

type Line = [tag: string, vr: string, value: string];

/** The items of the Request Attributes Sequence, as far as searches know them. */
const REQUESTS = `'"00400275":{"vr":"SQ"' || coalesce(',"Value":[' || (
  select string_agg('{' || dicom_json('00400009', 'SH', request.step) || ','
    || dicom_json('00401001', 'SH', request.procedure) || '}', ',' order by request.place)
  from unnest(series.scheduled_step_ids, series.requested_procedure_ids)
    with ordinality as request (step, procedure, place)) || ']', '') || '}'`;

/** One DICOM JSON object (PS3.18 Annex F) of attributes in ascending order; a text is a whole attribute. */
function object(lines: readonly (Line | string)[]): string {
  const attributes = lines.map((line) =>
    typeof line === 'string' ? line : `dicom_json('${line[0]}', '${line[1]}', ${line[2]})`,
  );
  return `${UTF_8} || ${attributes.join(` || ',' || `)} || '}'`;
}

/** PS3.18 Tables 10.6.3-3, -4 and -5, as far as the catalogue knows. A study keeps its own ready. */
const OBJECT: Record<Level, (studies: string) => string> = {
  study: (studies) => `study.qido_head || ${studies} || study.qido_tail`,
  series: (studies) =>
    object([
      ['00080021', 'DA', 'series.series_date'],
      ['00080031', 'TM', 'series.series_time'],
      ['00080056', 'CS', `'ONLINE'::text`],
      ['00080060', 'CS', 'series.modality'],
      ['0008103E', 'LO', 'series.description'],
      ['00081190', 'UR', SERIES_URL(studies)],
      ['00180015', 'CS', 'series.body_part'],
      ['0020000D', 'UI', 'study.study_instance_uid'],
      ['0020000E', 'UI', 'series.series_instance_uid'],
      ['00200011', 'IS', 'series.series_number'],
      ['00201209', 'IS', 'series.instance_count'],
      ['00400244', 'DA', 'series.procedure_step_date'],
      ['00400245', 'TM', 'series.procedure_step_time'],
      REQUESTS,
    ]),
  instance: (studies) =>
    object([
      ['00080016', 'UI', 'instance.sop_class_uid'],
      ['00080018', 'UI', 'instance.sop_instance_uid'],
      ['00080056', 'CS', `'ONLINE'::text`],
      ['00080060', 'CS', 'series.modality'],
      ['00081190', 'UR', INSTANCE_URL(studies)],
      ['00083002', 'UI', 'instance.transfer_syntax_uid'],
      ['0020000D', 'UI', 'study.study_instance_uid'],
      ['0020000E', 'UI', 'series.series_instance_uid'],
      ['00200013', 'IS', 'instance.instance_number'],
      // What has no rows is no image, and has no frames to number.
      ['00280008', 'IS', 'case when instance.image_rows > 0 then instance.number_of_frames end'],
      ['00280010', 'US', 'instance.image_rows'],
      ['00280011', 'US', 'instance.image_columns'],
      ['00280100', 'US', 'instance.bits_allocated'],
    ]),
};

const ABOVE: Record<Level, readonly Level[]> = {
  study: [],
  series: ['study'],
  instance: ['study', 'series'],
};

/** Some instance of what was found: where its DICOM JSON lies. Always the same one, and found in an index. */
const SAMPLE: Record<Level, string> = {
  study: `instance.study_id = study.id order by instance.sop_instance_uid`,
  series: `instance.series_id = series.id order by instance.instance_number, instance.id`,
  instance: 'instance.id = found.id',
};

/** The columns of `Found` for a search, on tables named as its levels. */
export function resultOf({ level, include }: Search, studies: string): string {
  const columns = [`${OBJECT[level](`${studies}::text`)} as json`];
  if (include.parents && level !== 'study') {
    const objects = ABOVE[level].map((above) => OBJECT[above](`${studies}::text`));
    columns.push(`array[${objects.join(', ')}] as parents`);
  }
  if (include.sopClassesInStudy) {
    columns.push(`array(select distinct instance.sop_class_uid from instance where instance.study_id = study.id
      order by 1) as "sopClasses"`);
  }
  if (include.stored.length > 0) {
    columns.push(`(select json_build_array(instance.metadata_part_id, instance.metadata_line) from instance
      where ${SAMPLE[level]} limit 1) as place`);
  }
  return columns.join(', ');
}
