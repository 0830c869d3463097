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

/** The outcome of several suites together. */
export function joinReports(reports: readonly Report[]): Report {
  const counts = reports.reduce<Counts>(addCounts, { passed: 0, failed: 0, skipped: 0 });
  return { ...counts, failures: reports.flatMap(({ failures }) => failures) };
}
