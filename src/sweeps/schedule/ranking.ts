import type { TrialState } from '../plan/sweepState.ts';
import type { Objective } from '../sweep.ts';

/** A setting at a rung. */
export interface SettingResult {
  readonly setting: number;
  /** Whether all of its trials have ended at the rung. */
  readonly hasEnded: boolean;
  /** Mean objective over its seeds; null if a trial has none, because it diverged or failed, or has not ended. */
  readonly objective: number | null;
}

/** The result of a setting at a rung, over its seeds. */
export function settingResult(setting: number, trials: readonly TrialState[], rung: number): SettingResult {
  const hasEnded = trials.every((each) => each.rung > rung || (each.rung === rung && each.status === 'ended'));
  const values = trials.flatMap(({ results }) => results[rung]?.objective ?? []);
  const isWhole = hasEnded && values.length === trials.length;
  return {
    setting,
    hasEnded,
    objective: isWhole ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
  };
}

/** Compares objectives, the better one first; none is worse than any. */
export function byObjective(
  direction: Objective['direction'],
): (a: { readonly objective: number | null }, b: { readonly objective: number | null }) => number {
  const sign = direction === 'lower' ? 1 : -1;
  return ({ objective: a }, { objective: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b);
  };
}
