import { Adam } from './adam.ts';
import type { AdamSettings } from './adam.ts';
import { clipByGlobalNorm, clipByValue, globalNorm } from './clip.ts';
import { forwardAndBackward } from './languageModel.ts';
import type { Window } from './languageModel.ts';
import type { State } from './recurrent.ts';
import { Sgd } from './sgd.ts';
import type { SgdSettings } from './sgd.ts';
import { named } from './weights.ts';
import type { ModelWeights } from './weights.ts';

export interface TrainingStep {
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

export interface TrainingSettings extends AdamSettings, SgdSettings {
  readonly optimizer: 'adam' | 'sgd';
  readonly clipNorm: number;
  readonly clipValue: number;
}

/**
 * Trains on consecutive windows, one step each: truncated backpropagation through time, where each window starts from
 * the final states of the previous one. Changes the weights in place.
 */
export function train(
  weights: ModelWeights,
  windows: readonly Pick<Window, 'ids' | 'targets'>[],
  initial: readonly State[],
  settings: TrainingSettings,
): { steps: TrainingStep[]; final: readonly State[] } {
  const optimizer = settings.optimizer === 'adam' ? new Adam(settings) : new Sgd(settings);
  let final = initial;
  const steps = windows.map((window) => {
    const result = forwardAndBackward(weights, { ...window, initial: final });
    const gradients = named(result.gradients);
    const gradientNorm = globalNorm(gradients.values());
    clipByValue(gradients, settings.clipValue);
    clipByGlobalNorm(gradients, settings.clipNorm);
    optimizer.step(named(weights), gradients);
    final = result.final;
    return { loss: result.loss, gradientNorm };
  });
  return { steps, final };
}
