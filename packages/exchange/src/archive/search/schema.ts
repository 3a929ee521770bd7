/** What a search finds, from the top down; a patient's attributes are found with each of their studies. */
export type Level = 'study' | 'series' | 'instance';

export interface Attribute {
  keyword: string;
  /** Eight hexadecimal digits. */
  tag: string;
  vr: string;
  level: Level;
}

/** What a matching key's value asks for (PS3.4 C.2.2.2). Dates `YYYY-MM-DD`, times `HHMMSSFFFFFF`. */
export type Match =
  /** Single value and list of UIDs: any of these. */
  | { kind: 'values'; values: string[] }
  /** Wildcards, as patterns of SQL's LIKE: any of these. */
  | { kind: 'patterns'; patterns: string[] }
  /** From and to are inclusive, an absent one is open. */
  | { kind: 'range'; from?: string; to?: string }
  | { kind: 'numbers'; numbers: number[] }
  | { kind: 'names'; names: NameMatch[] }
  /** Absent or without value. */
  | { kind: 'empty' };

/**
 * One person name that was asked for. `folded` stands against names as `foldName` writes them, `lowered` against
 * those that were only folded by the database; any pattern of a list will do, and all lists must.
 */
export interface NameMatch {
  folded: string[][];
  lowered: string[][];
  /** Whether the folded name begins with something that is no wildcard, and so an index leads there. */
  anchored: boolean;
  /** Whether it may be written in the ideographic or phonetic group (PS3.5 6.2.1.1). */
  foreign: boolean;
}

export interface SearchKey {
  attribute: Attribute;
  match: Match;
}

/** What is searched for and where, as the path of a resource says it (PS3.18 Table 10.6.1-1). */
export interface Place {
  level: Level;
  studyInstanceUid?: string | undefined;
  seriesInstanceUid?: string | undefined;
}

export interface Search extends Place {
  keys: SearchKey[];
  limit: number;
  offset: number;
  /** What a result says beside its own attributes. */
  include: Inclusion;
}

export interface Inclusion {
  /** The attributes of the levels above, because the path does not say which study or series this is. */
  parents: boolean;
  sopClassesInStudy: boolean;
  /** Tags to be read from a stored instance, or all it has for the level. */
  stored: readonly string[] | 'all';
}

/** One result: DICOM JSON objects (PS3.18 Annex F) as text. */
export interface Found {
  json: string;
  /** Of the levels above it, the study first. */
  parents?: string[];
  sopClasses?: string[];
  /** A stored instance of it, as DICOM JSON. */
  stored?: string;
}
