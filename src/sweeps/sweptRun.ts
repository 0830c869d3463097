import { readRangeTest, testProgress } from '../catalog/study/rangeTest.ts';
import { rangeTestRates, rateOfStep, shownRate } from '../config/rangeTest.ts';
import type { RunParent } from '../config/runParent.ts';
import type { RunConfig } from '../config/schema.ts';
import type { RunState } from '../protocol/panel.ts';
import type { Learning } from '../protocol/verdicts.ts';
import type { ReadonlySeries } from '../runs/series/series.ts';

/** What decides on the base of a sweep from a run. */
export interface SweepableRun {
  readonly config: RunConfig;
  readonly parent: RunParent | null;
  readonly state: RunState;
  readonly step: number;
  readonly learning: Learning | null;
  /** The losses of all steps. */
  readonly curves: { readonly series: { readonly trainLoss: ReadonlySeries } };
}

/** What a sweep from a run is based on. */
export interface SweptRun<Run> {
  readonly run: Run;
  /** The configuration of the run with `changes`. */
  readonly config: RunConfig;
  /** Changes of the configuration of the run, as `base` of a sweep file; undefined if there are none. */
  readonly changes: { readonly training: { readonly learningRate: number } } | undefined;
}

/**
 * The base of a sweep from a run. That of a range test, whose rates and steps are no training to vary, is the run that it
 * tests, with the rate that it suggests.
 * @param run with its metrics
 * @param find the run with an id, if there still is one
 * @returns undefined for a range test whose run is missing
 */
export function sweptRun<Run extends Pick<SweepableRun, 'config' | 'parent'>>(
  run: Run & SweepableRun,
  find: (id: string) => Run | undefined,
): SweptRun<Run> | undefined {
  if (!rangeTestRates(run.config)) return { run, config: run.config, changes: undefined };
  const tested = testedRun<Run>(run, find);
  if (!tested) return undefined;
  const { config } = tested;
  const learningRate = suggestedRate(run);
  if (learningRate === undefined) return { run: tested, config, changes: undefined };
  const training = { ...config.training, learningRate };
  return { run: tested, config: { ...config, training }, changes: { training: { learningRate } } };
}

/** The run that a test, or a repetition of one, was started from. */
function testedRun<Run extends Pick<SweepableRun, 'config' | 'parent'>>(
  { parent }: Run,
  find: (id: string) => Run | undefined,
): Run | undefined {
  const isOfSameData = parent?.reason === 'again' || parent?.reason === 'repeat';
  const tested = isOfSameData ? find(parent.run) : undefined;
  return tested && rangeTestRates(tested.config) ? testedRun(tested, find) : tested;
}

/** The rate that a test suggests, with the digits that its panel shows; undefined unless it has ended and was read. */
function suggestedRate({ config, curves, state, learning, step }: SweepableRun): number | undefined {
  const rates = rangeTestRates(config);
  if (!rates) return undefined;
  const { hasEnded, divergedAt } = testProgress(state, { step, learning }, rates.steps);
  if (!hasEnded) return undefined;
  const { x, y } = curves.series.trainLoss;
  const losses = [...x].map((at, i) => {
    const loss = y[i] ?? NaN;
    return { rate: rateOfStep(at, rates), loss: Number.isFinite(loss) ? loss : null };
  });
  const test = readRangeTest(losses, divergedAt === null ? null : rateOfStep(divergedAt, rates));
  return typeof test === 'object' ? shownRate(test.suggested) : undefined;
}
