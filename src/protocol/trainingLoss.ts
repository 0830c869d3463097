import type { Applicable } from './applicable.ts';

/** Number of last steps over which the training loss and the fraction of clipped steps are averaged. */
export const RECENT_STEPS = 100;

/**
 * Number of last steps over which the training loss of a run is averaged, wherever it is shown. The loss of one batch is
 * noisy; a step of a fit has the loss of the whole data.
 */
export function averagedSteps({ training }: Pick<Applicable, 'training'>): number {
  return training === 'steps' ? RECENT_STEPS : 1;
}

/** Mean of losses; null if it is not finite or there are none. */
export function meanLoss(losses: ArrayLike<number> & Iterable<number>): number | null {
  let sum = 0;
  for (const loss of losses) sum += loss;
  const mean = sum / losses.length;
  return Number.isFinite(mean) ? mean : null;
}
