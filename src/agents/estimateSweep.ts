import { MOST_SETTINGS, trialConfig } from '../sweeps/plannedTrials.ts';
import type { Sweep } from '../sweeps/sweep.ts';
import type { NewSweep } from '../sweeps/sweepStore.ts';
import { type BasedEstimate, type Estimator, NO_COST } from './estimate.ts';

/** An estimate of nothing that is known. */
const UNKNOWN: BasedEstimate = { estimate: NO_COST, limit: null, basis: [] };

/**
 * Estimates all trials of a sweep together, each by its own configuration. With rungs, and with a budget, the steps are
 * the most that are possible. Nothing is known of a sweep with more than `MOST_SETTINGS` settings.
 */
export async function estimateSweep(
  { sweep, trials }: Pick<NewSweep, 'sweep' | 'trials'>,
  estimate: Estimator,
): Promise<BasedEstimate> {
  const settings = [...new Map(trials.map((trial) => [trial.setting, trial])).values()];
  if (settings.length > MOST_SETTINGS) return UNKNOWN;
  const seeds = sweep.seeds.length;
  const whole = [];
  for (const setting of settings) {
    const config = trialConfig(sweep, setting);
    whole.push({ config, cost: await estimate(config) });
  }
  if (sweep.rungs === null)
    return limited(
      sweep,
      whole.map(({ cost }) => timesOf(cost, seeds)),
    );
  // The settings that take longest may be those that are promoted.
  whole.sort((a, b) => (b.cost.estimate.seconds ?? 0) - (a.cost.estimate.seconds ?? 0));
  const steps = stepsByRank(sweep, whole.length);
  const costs = [];
  for (const [rank, { config }] of whole.entries()) costs.push(timesOf(await estimate(config, steps[rank]), seeds));
  return { ...limited(sweep, costs), isBound: true };
}

/**
 * Most steps of a trial by the rank of its setting, with the settings that are trained longest first. Successive halving
 * promotes one of eta settings; ASHA may promote all of them, if each is better than those before it.
 */
function stepsByRank({ rungs, file: { method } }: Sweep, settings: number): number[] {
  const steps = Array<number>(settings).fill(rungs?.[0] ?? 0);
  let reached = settings;
  for (const rung of rungs?.slice(1) ?? []) {
    if (method.name === 'halving') reached = Math.floor(reached / method.eta);
    steps.fill(rung, 0, reached);
  }
  return steps;
}

/** The same for several runs of a kind, one after the other. */
function timesOf({ estimate, limit, basis }: BasedEstimate, runs: number): BasedEstimate {
  const times = (value: number | null) => (value === null ? null : value * runs);
  const { steps, seconds, memoryBytes, diskBytes } = estimate;
  return {
    estimate: { steps: times(steps), seconds: times(seconds), memoryBytes, diskBytes: times(diskBytes) },
    limit: times(limit),
    basis,
  };
}

/** The sum of several estimates; what is not known of one of them is not known of all. */
function totalOf(costs: readonly BasedEstimate[]): BasedEstimate {
  const sum = (values: readonly (number | null)[]) =>
    values.reduce<number | null>((all, each) => (all === null || each === null ? null : all + each), 0);
  const sumOf = (key: 'steps' | 'seconds' | 'diskBytes') => sum(costs.map(({ estimate }) => estimate[key]));
  const memory = costs.map(({ estimate: { memoryBytes } }) => memoryBytes ?? 0).reduce((a, b) => Math.max(a, b), 0);
  const isMeasured = costs.every(({ basis }) => basis.length > 0);
  return {
    estimate: {
      steps: sumOf('steps'),
      seconds: sumOf('seconds'),
      memoryBytes: memory === 0 ? null : memory,
      diskBytes: sumOf('diskBytes'),
    },
    limit: sum(costs.map(({ limit }) => limit)),
    basis: isMeasured ? [...new Set(costs.flatMap(({ basis }) => basis))] : [],
  };
}

/** The sum of the costs of the settings within the budget, which the setting that begins last may exceed. */
function limited({ file: { budget } }: Sweep, costs: readonly BasedEstimate[]): BasedEstimate {
  const total = totalOf(costs);
  const { steps, seconds } = total.estimate;
  const longest = costs.reduce((most, { estimate }) => Math.max(most, estimate.steps ?? 0), 0);
  const most = (budget.steps ?? Infinity) + longest;
  const isCut = steps !== null && steps > most;
  return {
    ...total,
    estimate: {
      ...total.estimate,
      steps: isCut ? most : steps,
      seconds: seconds === null ? null : Math.min(seconds, budget.seconds ?? Infinity),
    },
    isBound: isCut,
  };
}
