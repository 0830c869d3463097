import * as z from 'zod';
import { Generator } from '../../random/generator.ts';
import type { BatchStream } from '../batchStream.ts';
import { shuffled } from './split.ts';

/** Position in the epochs, sufficient to resume. */
const positionSchema = z.object({
  epoch: z.int().nonnegative(),
  /** Number of batches of this epoch so far. */
  batch: z.int().nonnegative(),
});

export type BatchPosition = z.output<typeof positionSchema>;

/** Returns the items of an epoch, counted from 0. They may differ between epochs. */
export type ItemsOf<Item> = (epoch: number) => readonly Item[];

export interface EpochsOptions<Item> {
  readonly batchSize: number;
  readonly seed: number;
  /** Length of an item. Items of similar length share a batch, which reduces padding. */
  readonly lengthOf: (item: Item) => number;
}

/** Number of batches that are sorted by length together, so that lengths are similar but batches differ by epoch. */
const BUCKET_BATCHES = 40;

/**
 * Yields each item once per epoch, in batches of similar length. The order depends only on the seed and the epoch.
 */
export class Epochs<Item> implements BatchStream<readonly Item[]> {
  readonly #itemsOf: ItemsOf<Item>;
  readonly #options: EpochsOptions<Item>;
  #position: BatchPosition = { epoch: 0, batch: 0 };
  #order: readonly Item[][];

  /** @throws RangeError if there are no items, like every method that advances to an epoch without items */
  constructor(items: readonly Item[] | ItemsOf<Item>, options: EpochsOptions<Item>) {
    this.#itemsOf = typeof items === 'function' ? items : () => items;
    this.#options = options;
    this.#order = this.#orderOf(0);
  }

  get batchSize(): number {
    return this.#options.batchSize;
  }

  /** Number of batches in the current epoch. */
  get batchesInEpoch(): number {
    return this.#order.length;
  }

  get position(): BatchPosition {
    return this.#position;
  }

  seek(position: unknown): void {
    this.#position = positionSchema.parse(position);
    this.#order = this.#orderOf(this.#position.epoch);
  }

  next(): readonly Item[] {
    if (this.#position.batch >= this.#order.length) this.seek({ epoch: this.#position.epoch + 1, batch: 0 });
    const { epoch, batch } = this.#position;
    this.#position = { epoch, batch: batch + 1 };
    return this.#order[batch] ?? [];
  }

  #orderOf(epoch: number): Item[][] {
    const items = this.#itemsOf(epoch);
    if (items.length === 0) throw new RangeError('There are no sequences for batches.');
    const { batchSize, seed, lengthOf } = this.#options;
    const generator = Generator.forPurpose(seed, `epoch ${epoch}`);
    const batches: Item[][] = [];
    const order = shuffled(items, generator);
    for (let start = 0; start < order.length; start += BUCKET_BATCHES * batchSize) {
      const bucket = order.slice(start, start + BUCKET_BATCHES * batchSize).sort((a, b) => lengthOf(a) - lengthOf(b));
      for (let at = 0; at < bucket.length; at += batchSize) batches.push(bucket.slice(at, at + batchSize));
    }
    return shuffled(batches, generator);
  }
}

/** Epochs of items that are converted to the batches of a model. */
export class BatchedEpochs<Item, Batch> implements BatchStream<Batch> {
  readonly #epochs: Epochs<Item>;
  readonly #make: (items: readonly Item[]) => Batch;

  /** @throws RangeError if there are no items, like every method that advances to an epoch without items */
  constructor(
    items: readonly Item[] | ItemsOf<Item>,
    options: EpochsOptions<Item>,
    make: (items: readonly Item[]) => Batch,
  ) {
    this.#epochs = new Epochs(items, options);
    this.#make = make;
  }

  get batchSize(): number {
    return this.#epochs.batchSize;
  }

  /** Number of batches in the current epoch. */
  get batchesInEpoch(): number {
    return this.#epochs.batchesInEpoch;
  }

  get position(): BatchPosition {
    return this.#epochs.position;
  }

  seek(position: unknown): void {
    this.#epochs.seek(position);
  }

  next(): Batch {
    return this.#make(this.#epochs.next());
  }
}
