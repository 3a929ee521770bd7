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

/** One person name that was asked for: all of its parts must be found. */
export interface NameMatch {
  parts: NamePart[];
  /** Whether each part is the beginning of a name, and so an index in alphabetical order leads there. */
  anchored: boolean;
}

/** A group of a name, or a word of it, as patterns of which any will do. */
export interface NamePart {
  /** Against names as `foldName` writes them. */
  folded: string[];
  /** Against names that only the database has folded, each group between equal signs. */
  lowered: string[];
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
