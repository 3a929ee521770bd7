/** What came of a number of tests. */
export interface Tally {
  passed: number;
  failed: number;
  /** One sentence per test that did not run: its name and why. */
  skipped: string[];
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: [] };

export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** The last line of a run; other programs read it, so its words are fixed. */
export function verdict({ passed, failed, skipped }: Tally): string {
  const end = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  return `${passed} passed, ${failed} failed${end}`;
}
