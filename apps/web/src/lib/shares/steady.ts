interface Identified {
  studyInstanceUid: string;
}

export interface SteadyList<Row> {
  rows: readonly Row[];
  /** Rows that wait until nobody points at the list. */
  waiting: number;
}

/**
 * The list as it stands under a pointer: the rows that were there, in the order they had, with their newest content.
 * What has come meanwhile waits, so that no button moves away from under a finger; what was removed is gone at once.
 */
export function steadyRows<Row extends Identified>(
  rows: readonly Row[],
  held: readonly string[],
): SteadyList<Row> {
  const byUid = new Map(rows.map((row) => [row.studyInstanceUid, row]));
  const kept = held.map((uid) => byUid.get(uid)).filter((row) => row !== undefined);
  return { rows: kept, waiting: rows.length - kept.length };
}
