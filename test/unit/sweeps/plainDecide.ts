import type { SweepState, TrialState } from '../../../src/sweeps/plan/sweepState.ts';
import { byObjective, settingResult, type SettingResult } from '../../../src/sweeps/schedule/ranking.ts';
import type { Decision } from '../../../src/sweeps/schedule/schedule.ts';
import type { Objective, Sweep } from '../../../src/sweeps/sweep.ts';

/**
 * The plain definition of what a free trainer does next, which looks at all trials. `Schedule` decides
 * the same without looking at all of them.
 *
 * Trials that had begun go on first. Then successive halving (Jamieson and Talwalkar 2016) promotes the best settings of
 * a rung once all of them have ended, and ASHA (Li et al. 2018, algorithm 2) promotes a setting as soon as it is among
 * the best of those that have ended at its rung so far, from the highest rung down. Then new trials begin.
 */
export function plainDecide(sweep: Sweep, state: SweepState): Decision {
  const begun = begunTrial(state.trials);
  if (begun) return { do: 'train', trial: begun.trial };
  const running = state.trials.some(({ status }) => status === 'running');
  if (isUsedUp(sweep, state.trials)) return running ? { do: 'wait' } : { do: 'end', because: 'budget' };
  const promotion = promotionOf(sweep, state);
  if (promotion) return { do: 'promote', ...promotion };
  const next = state.trials.find(({ status }) => status === 'waiting');
  if (next) return { do: 'train', trial: next.trial };
  return running ? { do: 'wait' } : { do: 'end', because: 'done' };
}

/** The waiting trial that has trained before, at the highest rung. */
function begunTrial(trials: readonly TrialState[]): TrialState | undefined {
  let found: TrialState | undefined;
  for (const trial of trials)
    if (trial.status === 'waiting' && trial.run !== null && trial.rung > (found?.rung ?? -1)) found = trial;
  return found;
}

/** Whether no other trial may begin. The steps of trials that are running count as used. */
function isUsedUp({ file: { budget } }: Sweep, trials: readonly TrialState[]): boolean {
  if (budget.steps === undefined && budget.seconds === undefined) return false;
  const { steps, seconds } = usedBy(trials);
  return steps >= (budget.steps ?? Infinity) || seconds >= (budget.seconds ?? Infinity);
}

/** Steps and seconds of training of all trials together. */
function usedBy(trials: readonly TrialState[]): { readonly steps: number; readonly seconds: number } {
  let [steps, seconds] = [0, 0];
  for (const { status, target, results } of trials) {
    const last = results.at(-1);
    steps += status === 'running' ? target : (last?.step ?? 0);
    seconds += last?.seconds ?? 0;
  }
  return { steps, seconds };
}

/** The next promotion of a sweep with rungs. */
function promotionOf(sweep: Sweep, state: SweepState): { setting: number; rung: number } | undefined {
  const { rungs, objective, file } = sweep;
  if (!rungs || !('eta' in file.method)) return undefined;
  const { name, eta } = file.method;
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const at = atRung(state, rung);
    const ended = at.filter((each) => each.hasEnded);
    if (name === 'halving' && (ended.length < at.length || !isComplete(state, rung, eta))) continue;
    const best = topOf(ended, Math.floor(ended.length / eta), objective.direction);
    const promotable = best.find(({ setting }) => state.trialsOf(setting).every((each) => each.rung === rung));
    if (promotable) return { setting: promotable.setting, rung: rung + 1 };
  }
  return undefined;
}

/** Whether all settings that reach a rung are there: all at rung 0, and the promoted ones above it. */
function isComplete(state: SweepState, rung: number, eta: number): boolean {
  let expected = state.settings;
  for (let below = 0; below < rung; below++) {
    const finite = atRung(state, below).filter(({ objective }) => objective !== null).length;
    expected = Math.min(Math.floor(expected / eta), finite);
  }
  // More than expected are there if a setting that failed was tried again, and promoted after the others.
  return atRung(state, rung).length >= expected;
}

/** The settings that have reached a rung, with their results there. */
function atRung(state: SweepState, rung: number): SettingResult[] {
  const results: SettingResult[] = [];
  for (let setting = 0; setting < state.settings; setting++) {
    const trials = state.trialsOf(setting);
    if (trials.every((each) => each.rung >= rung)) results.push(settingResult(setting, trials, rung));
  }
  return results;
}

/** The best settings with an objective, at most `count`. Of equal ones, the one with the lower number is better. */
function topOf(results: readonly SettingResult[], count: number, direction: Objective['direction']): SettingResult[] {
  const better = byObjective(direction);
  return results
    .filter(({ objective }) => objective !== null)
    .sort((a, b) => better(a, b) || a.setting - b.setting)
    .slice(0, count);
}
