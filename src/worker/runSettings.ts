import type { RunConfig } from '../config/schema.ts';
import type { RunSettings } from '../probes/advice.ts';

/** The part of a run's configuration that a verdict's advice changes. */
export function runSettings({ model, training, data, task }: RunConfig): RunSettings {
  const { cell, activation, forgetBias, recurrentInitializer, recurrentGain } = model;
  const { learningRate, clipNorm, clipValue } = training;
  // Only a text is cut into windows; elsewhere a shorter sequence is another task.
  const sequenceLength = task.name === 'language-model' ? data.sequenceLength : null;
  return {
    cell,
    activation,
    forgetBias,
    recurrentInitializer,
    recurrentGain,
    learningRate,
    clipNorm,
    clipValue,
    sequenceLength,
  };
}
