import type { Generates } from '../../data/synthetic/syntheticBatches.ts';
import type { Generator } from '../../random/generator.ts';

/** Most sequences that a validation scores at once. */
const VALIDATION_BATCH = 250;

/** So many sequences, in batches that are not too large. */
export function generatedInBatches<Batch>(
  task: Generates<Batch>,
  timeSteps: number,
  count: number,
  generator: Generator,
): Batch[] {
  const batches: Batch[] = [];
  for (let done = 0; done < count; done += VALIDATION_BATCH) {
    batches.push(task.generate(timeSteps, Math.min(VALIDATION_BATCH, count - done), generator));
  }
  return batches;
}
