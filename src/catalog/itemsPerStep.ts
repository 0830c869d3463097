import { effectiveFields } from '../config/applicability.ts';
import type { RunConfig } from '../config/schema.ts';

/**
 * Characters, words or sequences that a step reads; null for a model that is fitted, whose steps read all data.
 * @param batchSize number of sequences of a step, or of streams of a text
 */
export function itemsPerStep({ config, batchSize }: { config: RunConfig; batchSize: number }): number | null {
  const { task, data } = config;
  if (!effectiveFields(config).has('training.batchSize') || batchSize === 0) return null;
  return batchSize * (task.name === 'language-model' ? data.stride || data.sequenceLength : 1);
}
