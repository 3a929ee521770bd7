import type { Exchange } from '../../exchange.ts';
import { type Reading, withinReach } from '../reading/queries.ts';
import { type Bind, conditionsOn, needsPatient } from './matching/queries.ts';
import { fetchedAtMost, isAboutName, isFindableByLetters } from './rules.ts';
import { resultOf } from './results/queries.ts';
import type { Found, Level, Search, SearchKey } from './schema.ts';
import { type Placed, withStoredInstances } from './stored/queries.ts';

/** Newest first, as far as hospitals tell the time; the identity makes the order total, so that pages are pages. */
const NEWEST = 'study.study_date desc nulls last, study.study_time desc, study.id';
const ORDER: Record<Level, string> = {
  study: NEWEST,
  series: `${NEWEST}, series.series_number, series.id`,
  instance: `${NEWEST}, series.series_number, series.id, instance.instance_number, instance.id`,
};
const SOURCE: Record<Level, string> = {
  study: 'study',
  series: 'study join series on series.study_id = study.id',
  instance: 'study join series on series.study_id = study.id join instance on instance.series_id = series.id',
};
/** Reads what was found by its identity, row by row, which keeps the order. */
const one = (table: string, id: string) =>
  `cross join lateral (select * from ${table} where ${table}.id = ${id} limit 1) ${table}`;
const REREAD: Record<Level, string> = {
  study: one('study', 'found.id'),
  series: `${one('series', 'found.id')} ${one('study', 'series.study_id')}`,
  instance: `${one('instance', 'found.id')} ${one('series', 'instance.series_id')} ${one('study', 'instance.study_id')}`,
};

/** From here on it pays to skip rows in an index instead of reading them. */
const FAR = 500;
/** So many of the newest studies are looked through for part of a name, before all are by its letters. */
const NEAR = 10_000;

export interface Sought {
  search: Search;
  /** The absolute URL of the reader's studies, for Retrieve URLs; of characters that JSON leaves as they are. */
  studies: string;
}

/** What the reader may see and what matches: a page of it, newest study first, by one statement. */
export async function findMatches(exchange: Exchange, granted: Reading, sought: Sought): Promise<Found[]> {
  const { text, parameters } = matchesStatement(exchange, granted, sought);
  const rows = await exchange.reads.rows<Found & Placed>(text, parameters);
  return sought.search.include.stored.length === 0 ? rows : withStoredInstances(exchange, rows);
}

/** The statement behind `findMatches`, for those who watch over its plans. */
export function matchesStatement(
  exchange: Exchange,
  granted: Reading,
  { search, studies }: Sought,
): { text: string; parameters: unknown[] } {
  const reach = withinReach(granted).compile(exchange.db);
  const parameters = [...reach.parameters];
  const bind: Bind = (value) => `$${parameters.push(value)}`;
  const result = resultOf(search, bind(studies));
  const [offset, limit] = [`${bind(search.offset)}::bigint`, `${bind(search.limit)}::bigint`];
  const page = `offset ${offset} limit ${limit}`;
  const conditions = conditionsOf(search, { reach: reach.sql, bind });
  if (isReadAsFound(search)) {
    const studies = ordered(search, conditions, 'study.id, study.qido_head, study.qido_tail');
    return { text: `select ${result} from (${studies}) study ${page}`, parameters };
  }
  const found = isFindableByLetters(search)
    ? nearOrFar(conditions, `${offset} + ${limit}`)
    : ordered(search, conditions, `${search.level}.id`);
  const text = `select ${result} from (select id from (${found}) matching ${page}) found ${REREAD[search.level]}`;
  return { text, parameters };
}

/** Conditions on the name apart: they may be tried on the newest studies alone. */
interface Conditions {
  name: string[];
  others: string[];
}

function conditionsOf(
  { level, keys, studyInstanceUid, seriesInstanceUid }: Search,
  { reach, bind }: { reach: string; bind: Bind },
): Conditions {
  const others = [reach];
  if (studyInstanceUid !== undefined) others.push(`study.study_instance_uid = ${bind(studyInstanceUid)}`);
  if (seriesInstanceUid !== undefined) others.push(`series.series_instance_uid = ${bind(seriesInstanceUid)}`);
  const isOther = (key: SearchKey) => !isAboutName(key);
  others.push(...conditionsOn(level, keys.filter(isOther), bind));
  return { name: conditionsOn(level, keys.filter(isAboutName), bind), others };
}

/** The first rows of a search in their order. How many is written out, so that it is planned for as many. */
function ordered(search: Search, { name, others }: Conditions, columns: string): string {
  const { level, keys } = search;
  const patient = keys.some(needsPatient) ? ' join patient on patient.id = study.patient_id' : '';
  return `select ${columns} from ${SOURCE[level]}${patient} where ${[...others, ...name].join(' and ')}
    order by ${ORDER[level]}${limitOf(fetchedAtMost(search))}`;
}

const limitOf = (rows: number | null) => (rows === null ? '' : ` limit ${rows}`);

/** Studies that an index leads to one by one are read on the way; others first found, then read, the page alone. */
function isReadAsFound({ level, keys, offset }: Search): boolean {
  return level === 'study' && offset < FAR && !keys.some(isAboutName);
}

/**
 * Part of a name, which may be common or rare. Common ones are soon found by reading the newest studies in an index,
 * however many there are; when those do not fill the page, the index of letters finds all.
 */
function nearOrFar({ name, others }: Conditions, rows: string): string {
  const columns = 'study.id, study.study_date, study.study_time';
  const matches = name.join(' and ');
  return `
    with newest as (
      select ${columns}, study.patient_name_folded from study where ${others.join(' and ')}
      order by ${NEWEST} limit ${NEAR}
    ), near as materialized (
      select ${columns} from newest study where ${matches} limit ${rows}
    ), enough as materialized (
      select count(*) >= ${rows} as yes from near
    ), far as (
      select ${columns} from study where not (select yes from enough) and ${[...others, ...name].join(' and ')} offset 0
    )
    select study.id from (
      select * from near where (select yes from enough) union all select * from far
    ) study order by ${NEWEST}`;
}
