import { rateOfStep } from '../config/rangeTest.ts';
import type { RunConfig } from '../config/schema.ts';

type Training = Pick<
  RunConfig['training'],
  'learningRate' | 'lastLearningRate' | 'schedule' | 'steps' | 'warmUp' | 'decayEvery' | 'decayFactor'
>;

/**
 * Learning rate of a step: a linear warm-up, then the schedule.
 * @param step 1 for the first; after `training.steps` (a run resumed with more steps) the last value is kept
 * @param plateaus number of plateaus of the validation loss so far
 */
export function learningRateAt(step: number, training: Training, plateaus = 0): number {
  const { learningRate, lastLearningRate, schedule, warmUp } = training;
  if (step <= warmUp) return (learningRate * step) / warmUp;
  const steps = training.steps - warmUp;
  if (schedule === 'range-test')
    return rateOfStep(step - warmUp, { first: learningRate, last: lastLearningRate, steps });
  return learningRate * fractionAt(step - warmUp, { ...training, schedule, steps }, plateaus);
}

/** A schedule whose rates are fractions of `learningRate`. */
type Fractions = Training & { readonly schedule: Exclude<Training['schedule'], 'range-test'> };

/** Fraction of the full learning rate at a step after the warm-up. */
function fractionAt(step: number, { schedule, steps, decayEvery, decayFactor }: Fractions, plateaus: number): number {
  switch (schedule) {
    case 'constant':
      return 1;
    case 'cosine':
      // Half a cosine without restarts (Loshchilov and Hutter 2017, eq. 5).
      return (1 + Math.cos(Math.PI * Math.min(1, (step - 1) / Math.max(1, steps)))) / 2;
    case 'step':
      return decayFactor ** Math.floor((step - 1) / decayEvery);
    case 'plateau':
      return decayFactor ** plateaus;
  }
}
