import { describes, isNamed } from '@filmpost/exchange/archive/search/attributes/rules.ts';
import type { Found } from '@filmpost/exchange/archive/search/schema.ts';
import type { Question } from './qido-query.ts';

interface JsonAttribute {
  vr: string;
  Value?: unknown[];
  BulkDataURI?: string;
}
type JsonDataSet = Record<string, JsonAttribute>;

const SOP_CLASSES_IN_STUDY = '00080062';

/** A search's results as one JSON array. What the catalogue keeps ready is passed on as it is. */
export function resultsJson(found: readonly Found[], question: Question): string {
  const { parents, sopClassesInStudy, stored } = question.search.include;
  const isReady = !parents && !sopClassesInStudy && stored.length === 0;
  const texts = found.map((each) => (isReady ? each.json : textOf(merged(each, question))));
  return `[${texts.join(',')}]`;
}

/** Everything that is wanted of one result; what it says of itself counts more than what others say of it. */
function merged(found: Found, { search, tags }: Question): JsonDataSet {
  const isWanted = (tag: string) => tags === 'all' || tags.has(tag);
  const result: JsonDataSet = {};
  if (found.stored !== undefined) {
    const isOfLevel = describes(search.level);
    take(result, found.stored, (tag, { BulkDataURI }) => !BulkDataURI && isWanted(tag) && isOfLevel(tag));
  }
  for (const [at, parent] of (found.parents ?? []).entries()) {
    const isSaid = isNamed(at === 0 ? 'study' : 'series', search);
    take(result, parent, (tag) => !isSaid || isWanted(tag));
  }
  if (found.sopClasses) result[SOP_CLASSES_IN_STUDY] = { vr: 'UI', Value: found.sopClasses };
  take(result, found.json, () => true);
  return result;
}

function take(
  result: JsonDataSet,
  text: string,
  isTaken: (tag: string, attribute: JsonAttribute) => boolean,
): void {
  const dataSet: JsonDataSet = JSON.parse(text);
  for (const [tag, attribute] of Object.entries(dataSet)) {
    if (isTaken(tag, attribute)) result[tag] = attribute;
  }
}

/** Attributes ascend (PS3.18 F.2.2); tags such as 20500020 look like array indexes, which objects put first. */
function textOf(dataSet: JsonDataSet): string {
  const tags = Object.keys(dataSet).sort();
  return `{${tags.map((tag) => `"${tag}":${JSON.stringify(dataSet[tag])}`).join(',')}}`;
}
