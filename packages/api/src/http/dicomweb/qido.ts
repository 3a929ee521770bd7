import type { Reading } from '@filmpost/exchange/archive/reading/queries.ts';
import { searchInstances, searchSeries, searchStudies } from '@filmpost/exchange/archive/search/queries.ts';
import type { FoundInstance, FoundSeries, FoundStudy } from '@filmpost/exchange/archive/search/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { BytesResponse } from '../../answer.ts';
import { type JsonDataSet, date, number, personName, text, texts } from './dicom-json.ts';
import { matchKey, paging, studyFilter, uidList } from './qido-query.ts';

/** QIDO-RS (PS3.18 10.6): what the reader may see and what matches; 204 when that is nothing. */
export async function searchForStudies(exchange: Exchange, reading: Reading, url: URL): Promise<Response> {
  const found = await searchStudies(exchange, reading, studyFilter(url.searchParams));
  return results(found.map(studyResult));
}

export async function searchForSeries(
  exchange: Exchange,
  reading: Reading,
  { url, studyInstanceUid }: { url: URL; studyInstanceUid: string },
): Promise<Response> {
  const found = await searchSeries(exchange, reading, {
    studyInstanceUid,
    seriesInstanceUids: uidList(url.searchParams, 'SeriesInstanceUID'),
    modality: matchKey(url.searchParams, 'Modality'),
  });
  return results(found.map(seriesResult));
}

export async function searchForInstances(
  exchange: Exchange,
  reading: Reading,
  { url, ...within }: { url: URL; studyInstanceUid: string; seriesInstanceUid?: string | undefined },
): Promise<Response> {
  const found = await searchInstances(exchange, reading, {
    ...within,
    sopInstanceUids: uidList(url.searchParams, 'SOPInstanceUID'),
    ...paging(url.searchParams),
  });
  return results(found.map(instanceResult));
}

function results(dataSets: JsonDataSet[]): Response {
  const headers = { 'content-type': 'application/dicom+json', 'cache-control': 'private, no-store' };
  if (dataSets.length === 0) return new BytesResponse(null, { status: 204, headers });
  const ordered = dataSets.map((dataSet) => {
    const tags = Object.keys(dataSet).sort();
    // Tags such as 20500020 look like array indexes to V8, which would move them to the front: write in order.
    return `{${tags.map((tag) => `${JSON.stringify(tag)}:${JSON.stringify(dataSet[tag])}`).join(',')}}`;
  });
  return new BytesResponse(Buffer.from(`[${ordered.join(',')}]`), { status: 200, headers });
}

const utf8 = text('CS', 'ISO_IR 192');

function studyResult(study: FoundStudy): JsonDataSet {
  return {
    '00080005': utf8,
    '00080020': date(study.studyDate),
    '00080030': text('TM', study.studyTime),
    '00080050': text('SH', study.accessionNumber),
    '00080056': text('CS', 'ONLINE'),
    '00080061': texts('CS', study.modalities),
    '00080080': text('LO', study.institution),
    '00080090': personName({ alphabetic: study.referringPhysician }),
    '00081030': text('LO', study.description),
    '00100010': personName({
      alphabetic: study.patientName,
      ideographic: study.nameIdeographic,
      phonetic: study.namePhonetic,
    }),
    '00100020': text('LO', study.patientId),
    '00100021': text('LO', study.issuer),
    '00100030': date(study.patientBirthDate),
    '00100040': text('CS', study.patientSex),
    '0020000D': text('UI', study.studyInstanceUid),
    '00200010': text('SH', study.studyId),
    '00201206': number('IS', study.seriesCount),
    '00201208': number('IS', study.instanceCount),
  };
}

function seriesResult(series: FoundSeries): JsonDataSet {
  return {
    '00080005': utf8,
    '00080021': date(series.seriesDate),
    '00080031': text('TM', series.seriesTime),
    '00080060': text('CS', series.modality),
    '0008103E': text('LO', series.description),
    '00180015': text('CS', series.bodyPart),
    '0020000D': text('UI', series.studyInstanceUid),
    '0020000E': text('UI', series.seriesInstanceUid),
    '00200011': number('IS', series.seriesNumber),
    '00201209': number('IS', series.instanceCount),
  };
}

function instanceResult(instance: FoundInstance): JsonDataSet {
  return {
    '00080005': utf8,
    '00080016': text('UI', instance.sopClassUid),
    '00080018': text('UI', instance.sopInstanceUid),
    '00080060': text('CS', instance.modality),
    '00083002': text('UI', instance.transferSyntaxUid),
    '0020000D': text('UI', instance.studyInstanceUid),
    '0020000E': text('UI', instance.seriesInstanceUid),
    '00200013': number('IS', instance.instanceNumber),
    '00280008': number('IS', instance.numberOfFrames),
    '00280010': number('US', instance.imageRows),
    '00280011': number('US', instance.imageColumns),
  };
}
