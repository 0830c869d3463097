/** Most steps of a run, and the step limit of one that only its time limit ends. */
export const MOST_STEPS = 100_000_000;

/** Limits of a run: a number of steps alone removes the time limit, and a time alone removes the step limit. */
export function limitsOf({
  steps,
  seconds,
}: {
  readonly steps?: number | undefined;
  readonly seconds?: number | undefined;
}): {
  readonly steps?: number;
  readonly seconds?: number;
} {
  if (seconds !== undefined) return { steps: MOST_STEPS, seconds };
  return steps === undefined ? {} : { steps, seconds: 0 };
}

/** Whether a number of steps is no limit: only the time limit ends the run. */
export function isEndless(steps: number): boolean {
  return steps >= MOST_STEPS;
}
