import * as z from 'zod';
import { Generator } from '../../random/generator.ts';
import type { BatchStream } from '../batchStream.ts';
import { shuffled } from './split.ts';

/** Where epochs stand: all they need to go on. */
const positionSchema = z.object({
  epoch: z.int().nonnegative(),
  /** Batches of this epoch that were given out. */
  batch: z.int().nonnegative(),
});

export type BatchPosition = z.output<typeof positionSchema>;

/** The items of an epoch, from 0: the same every time, or partly new ones. */
export type ItemsOf<Item> = (epoch: number) => readonly Item[];

export interface EpochsOptions<Item> {
  readonly batchSize: number;
  readonly seed: number;
  /** Items of about the same length share a batch, so that little of it is padding. */
  readonly lengthOf: (item: Item) => number;
}

/** So many batches are sorted by length together: short ones stay together, and batches still differ by epoch. */
const BUCKET_BATCHES = 40;

/**
 * Gives out all items of an epoch once, in batches of about the same length, in an order that depends on seed and
 * epoch alone.
 */
export class Epochs<Item> implements BatchStream<readonly Item[]> {
  readonly #itemsOf: ItemsOf<Item>;
  readonly #options: EpochsOptions<Item>;
  #position: BatchPosition = { epoch: 0, batch: 0 };
  #order: readonly Item[][];

  /** @throws RangeError without items, as every method does that goes on to an epoch without any */
  constructor(items: readonly Item[] | ItemsOf<Item>, options: EpochsOptions<Item>) {
    this.#itemsOf = typeof items === 'function' ? items : () => items;
    this.#options = options;
    this.#order = this.#orderOf(0);
  }

  get batchSize(): number {
    return this.#options.batchSize;
  }

  /** Batches of the epoch that it stands in. */
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
    if (items.length === 0) throw new RangeError('There are no sequences to make batches of.');
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

/** Epochs of items whose batches are made into what a model reads: padded, cut out, side by side. */
export class BatchedEpochs<Item, Batch> implements BatchStream<Batch> {
  readonly #epochs: Epochs<Item>;
  readonly #make: (items: readonly Item[]) => Batch;

  /** @throws RangeError without items, as every method does that goes on to an epoch without any */
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

  /** Batches of the epoch that it stands in. */
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
