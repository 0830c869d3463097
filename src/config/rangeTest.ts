import type { FieldPath } from './applicability.ts';
import { parseRunConfig } from './parse.ts';
import type { RunConfig } from './schema.ts';

/** First and last learning rate of a range test, and its steps. */
const RATES: readonly [number, number] = [1e-5, 10];
const STEPS = 200;

/** Fields whose values make a run a range test. `training.lastLearningRate` and all others can be chosen. */
export const RANGE_TEST_FIELDS: readonly FieldPath[] = [
  'training.schedule',
  'training.learningRate',
  'training.warmUp',
  'training.decayEvery',
  'training.decayFactor',
  'training.plateauPatience',
  'training.steps',
  'training.seconds',
  'training.patience',
  'training.stopWhenSolved',
];

/** Rates of a learning rate range test: each step multiplies the rate by the same factor. */
export interface RangeTestRates {
  /** Rate of step 1. */
  readonly first: number;
  /** Rate of the last step, and of those after it. */
  readonly last: number;
  readonly steps: number;
}

/** The rates of a run that is a range test; undefined for any other, and for one that warms up first. */
export function rangeTestRates({ training }: RunConfig): RangeTestRates | undefined {
  const { schedule, warmUp, learningRate, lastLearningRate, steps } = training;
  if (schedule !== 'range-test' || warmUp > 0) return undefined;
  return { first: learningRate, last: lastLearningRate, steps };
}

/** Learning rate of a step of a range test, from 1 on. */
export function rateOfStep(step: number, { first, last, steps }: RangeTestRates): number {
  return first * (last / first) ** Math.min(1, (step - 1) / Math.max(1, steps - 1));
}

/** A rate with the digits that are shown. */
export function shownRate(rate: number): number {
  return Number(rate.toPrecision(2));
}

/** Place of a learning rate among the steps of a range test, which need not be whole: the inverse of `rateOfStep`. */
export function stepOfRate(rate: number, { first, last, steps }: RangeTestRates): number {
  return first === last ? 1 : 1 + ((steps - 1) * Math.log(rate / first)) / Math.log(last / first);
}

/**
 * The configuration of a learning rate range test (Smith 2017) of a configuration: a short run whose learning rate
 * grows from far too low to far too high, on the same data and with the same network, optimizer and clipping.
 */
export function rangeTestOf(config: RunConfig, steps = STEPS): RunConfig {
  const { training, sampling, probes } = config;
  const { warmUp, decayEvery, decayFactor, plateauPatience } = parseRunConfig({}).training;
  const [learningRate, lastLearningRate] = RATES;
  return {
    ...config,
    training: {
      ...training,
      ...{ warmUp, decayEvery, decayFactor, plateauPatience },
      ...{ schedule: 'range-test', learningRate, lastLearningRate },
      ...{ steps, seconds: 0, patience: 0, stopWhenSolved: false },
      ...{ validateEvery: steps, checkpointEvery: steps },
    },
    sampling: { ...sampling, every: 0 },
    probes: { ...probes, every: 0 },
  };
}
