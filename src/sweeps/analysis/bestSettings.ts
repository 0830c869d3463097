import { byObjective } from '../schedule/ranking.ts';
import type { SweepState, TrialState } from '../plan/sweepState.ts';
import type { Setting } from '../space/dimension.ts';
import type { Sweep } from '../sweep.ts';

/** A setting with the objectives of its seeds. */
export interface RankedSetting {
  /** Number of the setting, from 0 on. */
  readonly setting: number;
  readonly values: Setting;
  /** Objective of each seed that has one. */
  readonly objectives: readonly number[];
  readonly mean: number;
  /** Standard deviation over the seeds, with n - 1; null for one seed. */
  readonly deviation: number | null;
  /** Most steps that a trial of the setting has trained. */
  readonly steps: number;
  /** Ids of the runs. */
  readonly runs: readonly string[];
}

/**
 * The settings by their mean objective at the highest rung that each of their trials has ended at, the best one first;
 * those of a higher rung come before those of a lower one. Settings whose trials have no objective are left out.
 */
export function bestSettings({ objective }: Pick<Sweep, 'objective'>, state: SweepState): RankedSetting[] {
  const better = byObjective(objective.direction);
  return Array.from({ length: state.settings }, (_, setting) => rankedSetting(setting, state.trialsOf(setting)))
    .flatMap((each) => each ?? [])
    .sort((a, b) => b.rung - a.rung || better({ objective: a.mean }, { objective: b.mean }) || a.setting - b.setting);
}

function rankedSetting(setting: number, trials: readonly TrialState[]): (RankedSetting & { rung: number }) | undefined {
  const [first] = trials;
  const rung = Math.min(...trials.map(({ results }) => results.length)) - 1;
  const results = trials.flatMap(({ results: all }) => all[rung] ?? []);
  const objectives = results.flatMap(({ objective }) => objective ?? []);
  if (!first || objectives.length === 0 || objectives.length < results.length) return undefined;
  const { mean, deviation } = spreadOf(objectives);
  const steps = Math.max(...results.map(({ step }) => step));
  const runs = trials.flatMap(({ run }) => run ?? []);
  return { setting, rung, values: first.values, objectives, mean, deviation, steps, runs };
}

/** Mean and standard deviation, with n - 1; the latter is null for one value. */
export function spreadOf(values: readonly number[]): { readonly mean: number; readonly deviation: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
