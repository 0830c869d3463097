import { readRangeTest, testProgress } from '../../catalog/study/rangeTest.ts';
import { rangeTestRates, rateOfStep, shownRate } from '../../config/rangeTest.ts';
import type { RunConfig } from '../../config/schema.ts';
import type { RunModel } from '../runs/runModel.ts';

/** What a sweep from a run is based on. */
export interface SweptRun {
  readonly run: RunModel;
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
export function sweptRun(run: RunModel, find: (id: string) => RunModel | undefined): SweptRun | undefined {
  if (!rangeTestRates(run.config)) return { run, config: run.config, changes: undefined };
  const tested = testedRun(run, find);
  if (!tested) return undefined;
  const { config } = tested;
  const learningRate = suggestedRate(run);
  if (learningRate === undefined) return { run: tested, config, changes: undefined };
  const training = { ...config.training, learningRate };
  return { run: tested, config: { ...config, training }, changes: { training: { learningRate } } };
}

/** The run that a test, or a repetition of one, was started from. */
function testedRun({ parent }: RunModel, find: (id: string) => RunModel | undefined): RunModel | undefined {
  const isOfSameData = parent?.reason === 'again' || parent?.reason === 'repeat';
  const tested = isOfSameData ? find(parent.run) : undefined;
  return tested && rangeTestRates(tested.config) ? testedRun(tested, find) : tested;
}

/** The rate that a test suggests, with the digits that its panel shows; undefined unless it has ended and was read. */
function suggestedRate({ config, curves, state, learning, step }: RunModel): number | undefined {
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
