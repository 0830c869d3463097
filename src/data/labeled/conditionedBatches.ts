import { teacherForced, type TeacherForced } from '../pairs/pairBatches.ts';
import { BatchedEpochs } from './epochs.ts';
import type { LabeledSequence } from './sequenceBatcher.ts';

/** Batch of texts to generate, each conditioned on a label. */
export interface ConditionedBatch {
  /** `[batch]` */
  readonly labels: Int32Array;
  readonly texts: TeacherForced;
}

/** Yields labeled texts in batches of similar length, epoch by epoch; see `Epochs`. */
export class ConditionedBatcher extends BatchedEpochs<LabeledSequence, ConditionedBatch> {
  /** @throws RangeError if there are no texts */
  constructor(
    texts: readonly LabeledSequence[],
    { batchSize, paddingId, seed }: { readonly batchSize: number; readonly paddingId: number; readonly seed: number },
  ) {
    super(texts, { batchSize, seed, lengthOf: ({ ids }) => ids.length }, (batch) => conditionedBatch(batch, paddingId));
  }
}

/** Pads texts and adds the marks. */
export function conditionedBatch(texts: readonly LabeledSequence[], paddingId: number): ConditionedBatch {
  return {
    labels: Int32Array.from(texts, ({ label }) => label),
    texts: teacherForced(
      texts.map(({ ids }) => ids),
      paddingId,
    ),
  };
}
