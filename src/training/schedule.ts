import type { RunConfig } from '../config/schema.ts';

type Training = Pick<RunConfig['training'], 'learningRate' | 'schedule' | 'steps'>;

/**
 * The learning rate of a step.
 * @param step 1 for the first; after `training.steps` (a run that was resumed for longer) the last value holds
 */
export function learningRateAt(step: number, { learningRate, schedule, steps }: Training): number {
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'cosine': {
      // Half a cosine without restarts (Loshchilov and Hutter 2017, eq. 5).
      const share = Math.min(1, (step - 1) / steps);
      return (learningRate / 2) * (1 + Math.cos(Math.PI * share));
    }
  }
}

/**
 * A learning rate that rises in a straight line to its peak and then falls to zero along half a cosine (Loshchilov
 * and Hutter 2017, eq. 5).
 * @param step 1 for the first
 */
export function warmUpCosine(step: number, { peak, warmUp, steps }: { peak: number; warmUp: number; steps: number }): number {
  if (step <= warmUp) return (peak * step) / warmUp;
  const share = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  return (peak / 2) * (1 + Math.cos(Math.PI * share));
}
