import { rangeTestRates, rateOfStep, shownRate } from '../config/rangeTest.ts';
import type { RunConfig } from '../config/schema.ts';
import { causeOf } from '../judgment/learning.ts';
import type { DivergenceError } from '../training/update.ts';
import { joined, phrase, sentences, type Text } from '../phrases/phrase.ts';

/**
 * Formats the end message of a run that diverged: the step, the tensor, the part of the step that failed, and advice.
 * Before the first update the initial weights are the cause, which neither a lower learning rate nor clipping changes.
 * @param step number of the last step before
 * @param keptStep step of the model that is kept
 */
export function describeDivergence(
  { part, text }: DivergenceError,
  { step, keptStep }: { readonly step: number; readonly keptStep: number },
  config: RunConfig,
): Text {
  if (step === 0)
    return sentences(
      phrase('Step {0}: {1}.', 1, text),
      part === 'forward'
        ? phrase('No update has been made: the initial weights overflow in the forward pass.')
        : phrase('No update has been made: the initial weights overflow in the backward pass.'),
      adviceOnInitialWeights(config),
    );
  const what = {
    forward: phrase('Step {0}: {1} (forward pass).', step + 1, text),
    backward: phrase('Step {0}: {1}, although the loss is finite (backward pass).', step + 1, text),
    update: phrase('Step {0}: the update overflowed: {1}.', step, text),
  }[part];
  const test = rangeTestRates(config);
  if (test) {
    const rate = rateOfStep(causeOf({ step: step + 1, part }), test);
    return sentences(what, phrase('The range test ends at a learning rate of {0}.', shownRate(rate)));
  }
  return sentences(
    what,
    part === 'update' ? undefined : phrase('The model of step {0} is kept.', keptStep),
    config.training.clipNorm > 0
      ? phrase('Lower the learning rate or training.clipNorm, and resume from the last checkpoint.')
      : phrase('Lower the learning rate or set training.clipNorm, and resume from the last checkpoint.'),
  );
}

/** Advice on the fields that determine the size of the states and gradients of an untrained network. */
function adviceOnInitialWeights({ model, data }: RunConfig): Text {
  const { recurrentInitializer: initializer, recurrentGain: gain } = model;
  const changes = [
    gain > 1 ? phrase('lower model.recurrentGain ({0})', gain) : undefined,
    initializer === 'orthogonal'
      ? undefined
      : phrase('set model.recurrentInitializer to "orthogonal" (now "{0}")', initializer),
    model.kernelInitializer === 'normal'
      ? phrase('lower model.standardDeviation ({0})', model.standardDeviation)
      : undefined,
    phrase('shorten data.sequenceLength ({0})', data.sequenceLength),
  ];
  return phrase('Start a new run with other initial weights, by one of these changes: {0}.', joined(changes, '; '));
}
