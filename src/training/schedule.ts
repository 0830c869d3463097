import type { RunConfig } from '../config/schema.ts';

type Training = Pick<
  RunConfig['training'],
  'learningRate' | 'schedule' | 'steps' | 'warmUp' | 'decayEvery' | 'decayFactor'
>;

/**
 * The learning rate of a step: a straight rise over the steps of the warm-up, then the schedule.
 * @param step 1 for the first; after `training.steps` (a run that was resumed for longer) the last value holds
 * @param plateaus how often validations got no better for long enough
 */
export function learningRateAt(step: number, training: Training, plateaus = 0): number {
  const { learningRate, warmUp } = training;
  if (step <= warmUp) return (learningRate * step) / warmUp;
  return learningRate * share(step - warmUp, { ...training, steps: training.steps - warmUp }, plateaus);
}

/** Share of the full learning rate at a step after the warm-up. */
function share(step: number, { schedule, steps, decayEvery, decayFactor }: Training, plateaus: number): number {
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

/**
 * A learning rate that rises in a straight line to its peak and then falls to zero along half a cosine (Loshchilov
 * and Hutter 2017, eq. 5).
 * @param step 1 for the first
 */
export function warmUpCosine(
  step: number,
  { peak, warmUp, steps }: { peak: number; warmUp: number; steps: number },
): number {
  if (step <= warmUp) return (peak * step) / warmUp;
  const share = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  return (peak / 2) * (1 + Math.cos(Math.PI * share));
}
