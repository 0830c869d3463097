import { BatchedEpochs, type ItemsOf } from './epochs.ts';

/** A sequence of ids and its class. */
export interface LabeledSequence {
  readonly ids: Int32Array;
  readonly label: number;
  /**
   * The label follows from every word, such as "not": word dropout would make it wrong, and leaves the sequence alone.
   */
  readonly intact?: boolean;
}

/** Sequences side by side, padded to the longest of them. */
export interface PaddedBatch {
  /** `[timeSteps, batch]`, time-major. */
  readonly ids: Int32Array;
  /** `[batch]`, each at least 1: a sequence without ids is read as one `<unk>`. */
  readonly lengths: Int32Array;
  readonly timeSteps: number;
  readonly batch: number;
}

export interface LabeledBatch extends PaddedBatch {
  /** `[batch]` */
  readonly labels: Int32Array;
  /** Which sequences word dropout leaves alone, `[batch]`. */
  readonly intact: readonly boolean[];
}

export interface SequenceBatcherOptions {
  readonly batchSize: number;
  readonly paddingId: number;
  readonly seed: number;
}

/** Gives out labeled sequences in padded batches, epoch by epoch; see `Epochs`. */
export class SequenceBatcher extends BatchedEpochs<LabeledSequence, LabeledBatch> {
  /** @throws RangeError without sequences, as every method does that goes on to an epoch without any */
  constructor(
    sequences: readonly LabeledSequence[] | ItemsOf<LabeledSequence>,
    { batchSize, paddingId, seed }: SequenceBatcherOptions,
  ) {
    super(sequences, { batchSize, seed, lengthOf: ({ ids }) => ids.length }, (batch) => ({
      ...padSequences(
        batch.map(({ ids }) => ids),
        paddingId,
      ),
      labels: Int32Array.from(batch, ({ label }) => label),
      intact: batch.map(({ intact }) => intact ?? false),
    }));
  }
}

/** Pads sequences at their ends. */
export function padSequences(sequences: readonly Int32Array[], paddingId: number): PaddedBatch {
  const batch = sequences.length;
  const lengths = Int32Array.from(sequences, ({ length }) => Math.max(1, length));
  const timeSteps = lengths.reduce((longest, length) => Math.max(longest, length), 1);
  const ids = new Int32Array(timeSteps * batch).fill(paddingId);
  sequences.forEach((sequence, b) => {
    if (sequence.length === 0) ids[b] = 0;
    sequence.forEach((id, t) => {
      ids[t * batch + b] = id;
    });
  });
  return { ids, lengths, timeSteps, batch };
}
