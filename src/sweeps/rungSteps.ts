import type { RunConfig } from '../config/schema.ts';
import type { SweepMethod } from './schema.ts';

/**
 * Steps of a trial at each rung, ascending: the last rung has all steps of the run, each one before it fewer by the
 * factor eta, down to `minimumSteps`. In Li et al. (2018) the first rung is given and the last one follows; here the last
 * one is given, so that the best trials are whole runs.
 *
 * A rung ends after a validation that is due, if that is possible: the trial then keeps the same model as a run that
 * trains through.
 */
export function rungSteps(
  { eta, minimumSteps }: Extract<SweepMethod, { readonly eta: number }>,
  { steps, validateEvery }: Pick<RunConfig['training'], 'steps' | 'validateEvery'>,
): number[] {
  const fewest = minimumSteps ?? Math.floor(steps / eta ** 2);
  const rungs = [steps];
  for (let next = steps / eta; Math.round(next) >= Math.max(1, fewest); next /= eta) {
    const due = Math.ceil(Math.round(next) / validateEvery) * validateEvery;
    const above = rungs[0] ?? steps;
    const aligned = due < above ? due : Math.round(next);
    if (aligned < above) rungs.unshift(aligned);
  }
  return rungs;
}
