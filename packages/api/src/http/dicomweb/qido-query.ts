import { calendarDay } from '@filmpost/exchange/archive/rules.ts';
import type { StudyFilter } from '@filmpost/exchange/archive/search/schema.ts';
import { BadRequest } from './bad-request.ts';

/** Attributes that may be asked for by keyword or by tag (PS3.18 8.3.4.1). */
const TAGS: Record<string, string> = {
  StudyInstanceUID: '0020000D',
  SeriesInstanceUID: '0020000E',
  SOPInstanceUID: '00080018',
  PatientID: '00100020',
  PatientName: '00100010',
  AccessionNumber: '00080050',
  StudyDate: '00080020',
  ModalitiesInStudy: '00080061',
  Modality: '00080060',
};

const MOST_RESULTS = 5000;

/** The value of a match key, by keyword or tag; undefined when it is absent or empty (universal matching). */
export function matchKey(query: URLSearchParams, keyword: string): string | undefined {
  const value = query.get(keyword) ?? query.get(TAGS[keyword] ?? keyword);
  return value?.trim() || undefined;
}

/** A UID list: separated by commas or backslashes, or by repeating the key. */
export function uidList(query: URLSearchParams, keyword: string): string[] | undefined {
  const given = [...query.getAll(keyword), ...query.getAll(TAGS[keyword] ?? keyword)];
  const uids = given.flatMap((value) => value.split(/[,\\]/)).map((uid) => uid.trim());
  const filled = uids.filter(Boolean);
  return filled.length > 0 ? filled : undefined;
}

export function paging(query: URLSearchParams): { limit: number; offset: number } {
  return {
    limit: Math.min(wholeNumber(query, 'limit') ?? MOST_RESULTS, MOST_RESULTS),
    offset: wholeNumber(query, 'offset') ?? 0,
  };
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new BadRequest(`${name} must be a whole number.`);
  return Number(value);
}

/** A DA match key: one day, or a range `from-to` with either end open (PS3.4 C.2.2.2.5). */
function dateRange(value: string | undefined): Pick<StudyFilter, 'studyDateFrom' | 'studyDateTo'> {
  if (value === undefined) return {};
  const [from = '', to = from] = value.split('-').map((part) => part.trim());
  const day = (part: string) => {
    const found = calendarDay(part);
    if (part && !found) throw new BadRequest('StudyDate must be YYYYMMDD or a range of two of them.');
    return found ?? undefined;
  };
  return { studyDateFrom: day(from), studyDateTo: day(to) };
}

export function studyFilter(query: URLSearchParams): StudyFilter {
  return {
    studyInstanceUids: uidList(query, 'StudyInstanceUID'),
    patientId: matchKey(query, 'PatientID'),
    patientName: matchKey(query, 'PatientName'),
    accessionNumber: matchKey(query, 'AccessionNumber'),
    modalitiesInStudy: uidList(query, 'ModalitiesInStudy')?.map((modality) => modality.toUpperCase()),
    ...dateRange(matchKey(query, 'StudyDate')),
    ...paging(query),
  };
}
