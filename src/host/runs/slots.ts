/** Runs that train at the same time at least, so that a short experiment does not wait for a long run. */
const FEWEST = 2;

/**
 * Number of runs that may train at the same time.
 * @param wanted the setting `sequenceLab.parallelRuns`; 0 takes half of the processors
 */
export function slotsFor(wanted: number, processors: number): number {
  return wanted > 0 ? wanted : Math.max(FEWEST, Math.floor(processors / 2));
}

/**
 * Most threads of a run that begins, so that runs that train at the same time do not use more threads than there are
 * processors.
 * @param runs runs that train or wait, with this one
 * @returns undefined without a limit, for a run that trains alone
 */
export function threadShare(runs: number, slots: number, processors: number): number | undefined {
  const together = Math.min(runs, slots);
  return together > 1 ? Math.max(1, Math.floor(processors / together)) : undefined;
}
