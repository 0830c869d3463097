import { BatchedEpochs, type ItemsOf } from './epochs.ts';

/** Sequence of ids with its class. */
export interface LabeledSequence {
  readonly ids: Int32Array;
  readonly label: number;
  /**
   * True if the label depends on every word, such as "not". Word dropout skips these sequences, because it could make
   * the label wrong.
   */
  readonly intact?: boolean;
}

/** Batch of sequences, padded to the longest. */
export interface PaddedBatch {
  /** `[timeSteps, batch]`, time-major. */
  readonly ids: Int32Array;
  /** `[batch]`, each at least 1: an empty sequence is read as one `<unk>`. */
  readonly lengths: Int32Array;
  readonly timeSteps: number;
  readonly batch: number;
}

export interface LabeledBatch extends PaddedBatch {
  /** `[batch]` */
  readonly labels: Int32Array;
  /** Sequences that word dropout skips, `[batch]`. */
  readonly intact: readonly boolean[];
}

export interface SequenceBatcherOptions {
  readonly batchSize: number;
  readonly paddingId: number;
  readonly seed: number;
}

/** Yields labeled sequences in padded batches, epoch by epoch; see `Epochs`. */
export class SequenceBatcher extends BatchedEpochs<LabeledSequence, LabeledBatch> {
  /** @throws RangeError if there are no sequences, like every method that advances to an epoch without any */
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

/** Pads sequences at the end. */
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
