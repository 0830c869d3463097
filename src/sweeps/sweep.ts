import type { RunConfig } from '../config/schema.ts';
import type { MetricKey } from '../protocol/metrics.ts';
import type { SweepFile } from './schema.ts';
import type { Dimension, Setting } from './space/dimension.ts';

/** Number that trials are compared by. */
export interface Objective {
  readonly metric: MetricKey;
  /** Which values are better. */
  readonly direction: 'lower' | 'higher';
}

/** A checked sweep: everything that its trials follow from. */
export interface Sweep {
  readonly file: SweepFile;
  /** Configuration of all trials, with absolute paths. */
  readonly base: RunConfig;
  /** The fields that are tried, each after those that its conditions are about. */
  readonly dimensions: readonly Dimension[];
  readonly objective: Objective;
  /** Seeds that each setting is trained with. */
  readonly seeds: readonly number[];
  /** Steps of a trial at each rung, ascending, the last of which are those of the base; null without rungs. */
  readonly rungs: readonly number[] | null;
}

/** A planned trial: one setting with one seed. */
export interface PlannedTrial {
  /** Number of the trial, from 1 on. */
  readonly trial: number;
  /** Number of its setting, from 0 on. The trials of a setting differ in their seeds. */
  readonly setting: number;
  readonly values: Setting;
  readonly seed: number;
}
