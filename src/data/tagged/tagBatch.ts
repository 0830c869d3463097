import { type PaddedBatch, padSequences } from '../labeled/sequenceBatcher.ts';

/** Ids of the words of a sentence and of their tags. */
export interface TaggedIds {
  readonly ids: Int32Array;
  readonly tags: Int32Array;
}

/** Batch of sentences, padded to the longest. */
export interface TagBatch extends PaddedBatch {
  /** `[timeSteps, batch]`, time-major; 0 for padding. */
  readonly tags: Int32Array;
  /** 1 for words, 0 for padding, `[timeSteps, batch]`. */
  readonly weights: Float32Array;
  /** Number of words in all sentences. */
  readonly words: number;
}

export function tagBatch(sentences: readonly TaggedIds[], paddingId: number): TagBatch {
  const padded = padSequences(
    sentences.map(({ ids }) => ids),
    paddingId,
  );
  const { batch } = padded;
  const tags = new Int32Array(padded.ids.length);
  const weights = new Float32Array(padded.ids.length);
  let words = 0;
  sentences.forEach((sentence, b) => {
    words += sentence.tags.length;
    sentence.tags.forEach((tag, t) => {
      tags[t * batch + b] = tag;
      weights[t * batch + b] = 1;
    });
  });
  return { ...padded, tags, weights, words };
}
