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
