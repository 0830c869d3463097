import { Adam } from './adam.ts';
import type { AdamSettings } from './adam.ts';
import { clipByGlobalNorm } from './clip.ts';
import { forwardAndBackward } from './languageModel.ts';
import type { Window } from './languageModel.ts';
import type { LstmState } from './lstm.ts';
import { named } from './weights.ts';
import type { ModelWeights } from './weights.ts';

export interface TrainingStep {
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

/**
 * Trains on consecutive windows, one step each: truncated back-propagation through time, where each
 * window starts from the states in which the one before ended. Changes the weights in place.
 */
export function train(
  weights: ModelWeights,
  windows: readonly Pick<Window, 'ids' | 'targets'>[],
  initial: readonly LstmState[],
  settings: AdamSettings & { readonly clipNorm: number },
): { steps: TrainingStep[]; final: readonly LstmState[] } {
  const adam = new Adam(settings);
  let final = initial;
  const steps = windows.map((window) => {
    const result = forwardAndBackward(weights, { ...window, initial: final });
    const gradients = named(result.gradients);
    const gradientNorm = clipByGlobalNorm(gradients, settings.clipNorm);
    adam.step(named(weights), gradients);
    final = result.final;
    return { loss: result.loss, gradientNorm };
  });
  return { steps, final };
}
