import { effectiveFields } from './applicability.ts';
import type { RunConfig } from './schema.ts';

/**
 * Characters, words or sequences that a training step reads; null for a model that is fitted, whose steps read all data.
 * @param batchSize number of sequences in a batch, or of streams of a text; 0 before the run has started
 */
export function itemsPerStep(config: RunConfig, batchSize: number): number | null {
  const { task, data } = config;
  if (!effectiveFields(config).has('training.batchSize') || batchSize === 0) return null;
  return batchSize * (task.name === 'language-model' ? data.stride || data.sequenceLength : 1);
}
