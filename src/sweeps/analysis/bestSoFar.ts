import { byObjective } from '../schedule/ranking.ts';
import type { SweepState } from '../plan/sweepState.ts';
import type { Objective } from '../sweep.ts';

/** The end of a trial at a rung, and the best objective until then. */
export interface Progress {
  /** Time of the end (ISO). */
  readonly at: string;
  readonly trial: number;
  /** Null for a trial without an objective. */
  readonly objective: number | null;
  /** Null before the first objective. */
  readonly best: number | null;
}

/** The objective over time: each end of a trial, in the order of the times, with the best one so far. */
export function bestSoFar(state: SweepState, { direction }: Objective): Progress[] {
  const better = byObjective(direction);
  let best: number | null = null;
  return state.trials
    .flatMap(({ trial, results }) => results.map(({ at, objective }) => ({ at, trial, objective })))
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)) || a.trial - b.trial)
    .map((end) => {
      if (better(end, { objective: best }) < 0) best = end.objective;
      return { ...end, best };
    });
}
