import { Generator } from '../../random/generator.ts';
import { shuffled } from './split.ts';

/** A sequence of ids and its class. */
export interface LabelledSequence {
  readonly ids: Int32Array;
  readonly label: number;
  /** The label follows from every word, such as "not": word dropout would make it wrong, and leaves the sequence alone. */
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

export interface LabelledBatch extends PaddedBatch {
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

/** Where a batcher stands: all it needs to go on. */
export interface BatchPosition {
  readonly epoch: number;
  /** Batches of this epoch that were given out. */
  readonly batch: number;
}

/** So many batches are sorted by length together: short ones stay together, and batches still differ by epoch. */
const BUCKET_BATCHES = 40;

/** The sequences of an epoch, from 0: the same every time, or partly new ones. */
export type SequencesOf = (epoch: number) => readonly LabelledSequence[];

/**
 * Gives out all sequences of an epoch once, in batches of about the same length, in an order that depends on seed and
 * epoch alone.
 */
export class SequenceBatcher {
  readonly #sequencesOf: SequencesOf;
  readonly #options: SequenceBatcherOptions;
  #position: BatchPosition = { epoch: 0, batch: 0 };
  #order: readonly LabelledSequence[][];

  /** @throws RangeError without sequences, as every method does that goes on to an epoch without any */
  constructor(sequences: readonly LabelledSequence[] | SequencesOf, options: SequenceBatcherOptions) {
    this.#sequencesOf = typeof sequences === 'function' ? sequences : () => sequences;
    this.#options = options;
    this.#order = this.#orderOf(0);
  }

  /** Batches of the epoch that it stands in. */
  get batchesInEpoch(): number {
    return this.#order.length;
  }

  get position(): BatchPosition {
    return this.#position;
  }

  seek(position: BatchPosition): void {
    this.#position = position;
    this.#order = this.#orderOf(position.epoch);
  }

  next(): LabelledBatch {
    if (this.#position.batch >= this.#order.length) this.seek({ epoch: this.#position.epoch + 1, batch: 0 });
    const { epoch, batch } = this.#position;
    this.#position = { epoch, batch: batch + 1 };
    const sequences = this.#order[batch] ?? [];
    const padded = padSequences(sequences.map(({ ids }) => ids), this.#options.paddingId);
    return { ...padded, labels: Int32Array.from(sequences, ({ label }) => label), intact: sequences.map(({ intact }) => intact ?? false) };
  }

  #orderOf(epoch: number): LabelledSequence[][] {
    const sequences = this.#sequencesOf(epoch);
    if (sequences.length === 0) throw new RangeError('There are no sequences to make batches of.');
    const generator = Generator.forPurpose(this.#options.seed, `epoch ${epoch}`);
    const batches: LabelledSequence[][] = [];
    const { batchSize } = this.#options;
    const order = shuffled(sequences, generator);
    for (let start = 0; start < order.length; start += BUCKET_BATCHES * batchSize) {
      const bucket = order.slice(start, start + BUCKET_BATCHES * batchSize).sort((a, b) => a.ids.length - b.ids.length);
      for (let at = 0; at < bucket.length; at += batchSize) batches.push(bucket.slice(at, at + batchSize));
    }
    return shuffled(batches, generator);
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
