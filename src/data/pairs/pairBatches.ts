import { BatchedEpochs, type ItemsOf } from '../labeled/epochs.ts';
import { type PaddedBatch, padSequences } from '../labeled/sequenceBatcher.ts';
import { MarkedVocabulary } from './markedVocabulary.ts';

/** Source and target text as ids without marks. */
export interface EncodedPair {
  readonly source: Int32Array;
  readonly target: Int32Array;
}

/**
 * Decoder batch for teacher forcing: the decoder reads the correct previous token and predicts the next one.
 */
export interface TeacherForced {
  readonly timeSteps: number;
  readonly batch: number;
  /** `<start>` and the tokens, `[timeSteps, batch]`, time-major. */
  readonly inputs: Int32Array;
  /** The tokens and `<end>`. */
  readonly targets: Int32Array;
  /** 1 for tokens and `<end>`, 0 for padding. */
  readonly weights: Float32Array;
}

/** Batch of pairs, each side padded to its longest text. */
export interface PairBatch {
  readonly source: PaddedBatch;
  readonly target: TeacherForced;
}

/** Ids used for padding. */
export interface PairPadding {
  readonly source: number;
  readonly target: number;
}

export interface PairBatcherOptions {
  readonly batchSize: number;
  readonly padding: PairPadding;
  readonly seed: number;
}

/** Yields pairs in batches of similar length, epoch by epoch; see `Epochs`. */
export class PairBatcher extends BatchedEpochs<EncodedPair, PairBatch> {
  /** @throws RangeError if there are no pairs */
  constructor(pairs: readonly EncodedPair[] | ItemsOf<EncodedPair>, { batchSize, padding, seed }: PairBatcherOptions) {
    super(pairs, { batchSize, seed, lengthOf: ({ source, target }) => source.length + target.length }, (batch) =>
      pairBatch(batch, padding),
    );
  }
}

/** Pads pairs and adds the marks. */
export function pairBatch(pairs: readonly EncodedPair[], padding: PairPadding): PairBatch {
  return {
    source: padSequences(
      pairs.map(({ source }) => source),
      padding.source,
    ),
    target: teacherForced(
      pairs.map(({ target }) => target),
      padding.target,
    ),
  };
}

/** Converts texts to a decoder batch, padded to the longest. */
export function teacherForced(texts: readonly Int32Array[], paddingId: number): TeacherForced {
  const batch = texts.length;
  const timeSteps = 1 + texts.reduce((longest, { length }) => Math.max(longest, length), 0);
  const inputs = new Int32Array(timeSteps * batch).fill(paddingId);
  const targets = new Int32Array(timeSteps * batch).fill(paddingId);
  const weights = new Float32Array(timeSteps * batch);
  texts.forEach((text, b) => {
    for (let t = 0; t <= text.length; t++) {
      const place = t * batch + b;
      inputs[place] = t === 0 ? MarkedVocabulary.startId : text[t - 1]!;
      targets[place] = t === text.length ? MarkedVocabulary.endId : text[t]!;
      weights[place] = 1;
    }
  });
  return { timeSteps, batch, inputs, targets, weights };
}

/** Groups all items into batches of similar length, with the index of each item. */
export function byLength<Item>(
  items: readonly Item[],
  lengthOf: (item: Item) => number,
  batchSize: number,
): { readonly items: readonly Item[]; readonly places: readonly number[] }[] {
  const order = items.map((item, place) => ({ item, place })).sort((a, b) => lengthOf(a.item) - lengthOf(b.item));
  return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, index) => {
    const batch = order.slice(index * batchSize, (index + 1) * batchSize);
    return { items: batch.map(({ item }) => item), places: batch.map(({ place }) => place) };
  });
}
