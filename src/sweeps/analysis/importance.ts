import { explainedShare } from '../../catalog/study/explainedShare.ts';
import type { FieldValue } from '../../config/shortFields.ts';
import { settingResult } from '../schedule/ranking.ts';
import type { SweepState } from '../plan/sweepState.ts';
import type { Dimension, Setting } from '../space/dimension.ts';
import type { Sweep } from '../sweep.ts';

/** How much the objective of a setting depends on a field. */
export interface FieldImportance {
  readonly path: string;
  /** Share of the variance that the field explains by itself, from 0 to 1. */
  readonly share: number;
  /** Number of settings that have the field. */
  readonly settings: number;
}

/** A setting with the number that it is compared by. */
export interface MeasuredSetting {
  readonly values: Setting;
  readonly objective: number;
}

/** The settings with an objective at the first rung, where all of them have the same steps. */
export function measuredSettings(state: SweepState): MeasuredSetting[] {
  return Array.from({ length: state.settings }, (_, setting) => setting).flatMap((setting) => {
    const trials = state.trialsOf(setting);
    const [first] = trials;
    const { objective } = settingResult(setting, trials, 0);
    return first && objective !== null ? [{ values: first.values, objective }] : [];
  });
}

/**
 * The main effect of each field, the most important one first: the share of the variance of the objectives' ranks that
 * lies between the values of the field. In a grid, it is the share of a field in an analysis of variance; in other
 * sweeps, an estimate of the first-order Sobol index from given data (Plischke, Borgonovo and Smith 2013). Ranks, because
 * the loss of a setting that almost diverges would outweigh all others. What two fields do together only is not in it.
 *
 * Many values of a range are grouped into about the square root of their number of equally large groups. The share is
 * adjusted for the number of groups (epsilon squared, Kelley 1935), so that it is near 0 for a field without an effect.
 * @returns a share of 0 where there are too few settings to tell
 */
export function importanceOf(
  { dimensions }: Pick<Sweep, 'dimensions'>,
  settings: readonly MeasuredSetting[],
): FieldImportance[] {
  return dimensions
    .map((dimension) => {
      const having = settings.filter(({ values }) => values[dimension.path] !== undefined);
      const groups = groupsOf(dimension, having);
      const objectives = new Map<number, number[]>();
      for (const [i, { objective }] of having.entries()) addTo(objectives, groups[i] ?? 0, objective);
      const share = explainedShare([...objectives.values()]);
      return { path: dimension.path, share: share ?? 0, settings: having.length };
    })
    .sort((a, b) => b.share - a.share);
}

/** The group of each setting by its value of a field. */
function groupsOf(dimension: Dimension, settings: readonly MeasuredSetting[]): number[] {
  const values = settings.map(({ values: all }) => all[dimension.path] ?? 0);
  const distinct = new Map([...new Set(values)].map((value, place) => [value, place]));
  const most = Math.max(2, Math.floor(Math.sqrt(settings.length)));
  const isOrdered = 'low' in dimension || dimension.ordered;
  if (!isOrdered || distinct.size <= most) return values.map((value) => distinct.get(value) ?? 0);
  const sorted = Float64Array.from(values, Number).sort();
  // Equal values are in the same group: that of the first of them.
  const first = new Map<number, number>();
  for (const [place, value] of sorted.entries()) if (!first.has(value)) first.set(value, place);
  return values.map((value) => Math.floor(((first.get(Number(value)) ?? 0) * most) / sorted.length));
}

/** A value of a field with the settings that have it. */
export interface FieldEffect {
  readonly value: FieldValue;
  /** Objectives of the settings with this value. */
  readonly objectives: readonly number[];
}

/**
 * The objectives of a field by its value, such as the loss against the learning rate: numbers ascending, others in the
 * order of the settings.
 */
export function effectOf(path: string, settings: readonly MeasuredSetting[]): FieldEffect[] {
  const byValue = new Map<FieldValue, number[]>();
  for (const { values, objective } of settings) {
    const value = values[path];
    if (value !== undefined) addTo(byValue, value, objective);
  }
  const effects = [...byValue].map(([value, objectives]) => ({ value, objectives }));
  return effects.every(({ value }) => typeof value === 'number')
    ? effects.sort((a, b) => Number(a.value) - Number(b.value))
    : effects;
}

function addTo<Key>(lists: Map<Key, number[]>, key: Key, number: number): void {
  const list = lists.get(key);
  if (list) list.push(number);
  else lists.set(key, [number]);
}
