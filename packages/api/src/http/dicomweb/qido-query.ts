import {
  type Wanted,
  attributeNamed,
  includedTag,
  reaches,
  wantedOf,
} from '@filmpost/exchange/archive/search/attributes/rules.ts';
import { isSearchable } from '@filmpost/exchange/archive/search/matching/queries.ts';
import { MalformedKey, matchOf } from '@filmpost/exchange/archive/search/rules.ts';
import type { Attribute, Place, Search, SearchKey } from '@filmpost/exchange/archive/search/schema.ts';
import { BadRequest } from './bad-request.ts';

export interface Question {
  search: Search;
  /** What was asked to be said of each result beside what is said anyway. */
  tags: Wanted['tags'];
  /** How many results the client may get; one more is searched for, to know whether there are more. */
  most: number;
  /** Whether that number is ours and not the client's. */
  isBounded: boolean;
  /** What is not answered as it was asked (PS3.18 8.3.4 and 10.6.1.2), a sentence each. */
  warnings: string[];
}

const MOST_RESULTS = 5000;
/** Where each is read from a compressed text of its own. */
const MOST_RESULTS_WITH_STORED = 200;
const MOST_OFFSET = 999_999_999;
/** Either true or false. Several and empty values are matched without being told so. */
const TRUTHS = ['fuzzymatching', 'emptyvaluematching', 'multiplevaluematching'];
/** Parameters that are no matching keys. */
const PARAMETERS = new Set([...TRUTHS, 'limit', 'offset', 'includefield', 'accept', 'charset']);

/** Understands the query of a search (PS3.18 8.3.4 and 10.6.1). @throws BadRequest for values of the wrong kind */
export function questionOf(query: URLSearchParams, place: Place): Question {
  const { parameters, given, warnings } = sorted(query);
  const [fuzzy] = TRUTHS.map((name) => truth(name, parameters.get(name)));
  const keys = keysOf(given, fuzzy === true);
  const tags = includedTags(parameters.get('includefield') ?? [], place, warnings);
  // What was matched is always said (PS3.18 10.6.3.3).
  for (const { attribute } of keys) if (reaches(attribute.level, place.level)) tags.add(attribute.tag);
  const wanted = wantedOf(tags, place);
  const bound = wanted.inclusion.stored.length > 0 ? MOST_RESULTS_WITH_STORED : MOST_RESULTS;
  const limit = wholeNumber('limit', parameters.get('limit')) ?? Infinity;
  const offset = wholeNumber('offset', parameters.get('offset')) ?? 0;
  if (offset > MOST_OFFSET) throw new BadRequest(`offset must be at most ${MOST_OFFSET}.`);
  const isBounded = limit > bound;
  const most = isBounded ? bound : limit;
  const search = { ...place, keys, offset, limit: isBounded ? most + 1 : most, include: wanted.inclusion };
  return { search, tags: wanted.tags, most, isBounded, warnings };
}

interface Sorted {
  parameters: Map<string, string[]>;
  given: Map<Attribute, string[]>;
  warnings: string[];
}

/** Matching keys by their attribute, whether keyword or tag named it, apart from the parameters of the service. */
function sorted(query: URLSearchParams): Sorted {
  const parameters = new Map<string, string[]>();
  const given = new Map<Attribute, string[]>();
  const warnings: string[] = [];
  for (const [name, value] of query) {
    const parameter = name.toLowerCase();
    const attribute = attributeNamed(name);
    if (PARAMETERS.has(parameter)) append(parameters, parameter, value);
    else if (attribute && isSearchable(attribute)) append(given, attribute, value);
    else warnings.push(`${printable(name)} is not searched by: all values of it match.`);
  }
  return { parameters, given, warnings };
}

function append<K>(map: Map<K, string[]>, key: K, value: string): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** Repeats what a client wrote in a header of ours only as far as it could be the name of an attribute. */
function printable(name: string): string {
  return /^[\w.]{1,64}$/.test(name) ? name : 'What was asked';
}

function keysOf(given: ReadonlyMap<Attribute, string[]>, fuzzy: boolean): SearchKey[] {
  const keys: SearchKey[] = [];
  try {
    for (const [attribute, values] of given) {
      const match = matchOf(attribute, values, { fuzzy });
      if (match) keys.push({ attribute, match });
    }
  } catch (error) {
    if (error instanceof MalformedKey) throw new BadRequest(error.message);
    throw error;
  }
  return keys;
}

function includedTags(values: readonly string[], { level }: Place, warnings: string[]): Set<string> {
  const tags = new Set<string>();
  for (const field of values.flatMap((value) => value.split(',')).map((value) => value.trim())) {
    const tag = includedTag(field, level);
    if (tag !== null) tags.add(tag);
    else if (field !== '') warnings.push(`${printable(field)} is not known of a ${level} and left out.`);
  }
  return tags;
}

function wholeNumber(name: string, [value]: readonly string[] = []): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new BadRequest(`${name} must be a whole number.`);
  return Number(value);
}

function truth(name: string, [value = 'false']: readonly string[] = []): boolean {
  if (!/^(?:true|false)$/i.test(value)) throw new BadRequest(`${name} must be true or false.`);
  return value.toLowerCase() === 'true';
}
