/** Step limit of a run that only its time limit ends. */
const ENDLESS = 100_000_000;

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
  if (seconds !== undefined) return { steps: ENDLESS, seconds };
  return steps === undefined ? {} : { steps, seconds: 0 };
}

/** Whether a number of steps is a limit that ends a run. */
export function isEndless(steps: number): boolean {
  return steps >= ENDLESS;
}
