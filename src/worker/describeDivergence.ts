import type { RunConfig } from '../config/schema.ts';
import type { DivergenceError } from '../training/update.ts';

/**
 * Formats the end message of a run that diverged: the step, the tensor, the part of the step that failed, and advice.
 * Before the first update the initial weights are the cause, which neither a lower learning rate nor clipping changes.
 * @param step number of the last step before
 * @param keptStep step of the model that is kept
 */
export function describeDivergence(
  { part, message }: DivergenceError,
  { step, keptStep }: { readonly step: number; readonly keptStep: number },
  config: RunConfig,
): string {
  const what = `Step ${step + 1}: ${message}`;
  const kept = `The model of step ${keptStep} is kept.`;
  if (step === 0)
    return `${what}. No update has been made: the initial weights overflow in the ${part} pass. ${adviceOnInitialWeights(config)}`;
  const clip = config.training.clipNorm > 0 ? 'lower training.clipNorm' : 'set training.clipNorm';
  switch (part) {
    case 'forward':
      return `${what} (forward pass). ${kept} Lower the learning rate or ${clip}, and resume from the last checkpoint.`;
    case 'backward':
      return `${what}, although the loss is finite (backward pass). ${kept} Lower the learning rate or ${clip}, and resume from the last checkpoint.`;
    case 'update':
      return `Step ${step}: the update overflowed: ${message}. Lower the learning rate or ${clip}, and resume from the last checkpoint.`;
  }
}

/** Advice on the fields that determine the size of the states and gradients of an untrained network. */
function adviceOnInitialWeights({ model, data }: RunConfig): string {
  const { recurrentInitializer: initializer, recurrentGain: gain } = model;
  const changes = [
    ...(gain > 1 ? [`lower model.recurrentGain (${gain})`] : []),
    ...(initializer === 'orthogonal' ? [] : [`set model.recurrentInitializer to "orthogonal" (now "${initializer}")`]),
    ...(model.kernelInitializer === 'normal' ? [`lower model.standardDeviation (${model.standardDeviation})`] : []),
    `shorten data.sequenceLength (${data.sequenceLength})`,
  ];
  return `Start a new run with other initial weights: ${changes.join(', or ')}.`;
}
