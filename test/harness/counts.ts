/** Numbers of tests. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The outcome of one run of a suite. */
export interface Report extends Counts {
  /** Titles of the tests that failed; a hook that failed has its own. */
  failures: readonly string[];
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
