/** The rows shown, and how many new ones wait to be let in. */
export interface Steady {
  shown: readonly string[];
  waiting: number;
}

/**
 * Which rows stand on the screen when the list has become `wanted`. Rows never jump under the pointer: while it rests
 * on the table, new ones wait; what is there stays where it is, and only what is gone goes.
 */
export function steady(shown: readonly string[], wanted: readonly string[], held: boolean): Steady {
  if (!held) return { shown: wanted, waiting: 0 };
  const present = new Set(wanted);
  const kept = shown.filter((key) => present.has(key));
  const known = new Set(kept);
  return { shown: kept, waiting: wanted.filter((key) => !known.has(key)).length };
}
