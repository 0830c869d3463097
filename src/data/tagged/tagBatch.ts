import { type PaddedBatch, padSequences } from '../labeled/sequenceBatcher.ts';

/** A sentence in ids of its words and of their tags. */
export interface TaggedIds {
  readonly ids: Int32Array;
  readonly tags: Int32Array;
}

/** Sentences side by side, padded to the longest of them. */
export interface TagBatch extends PaddedBatch {
  /** `[timeSteps, batch]`, time-major; 0 where nothing is asked for. */
  readonly tags: Int32Array;
  /** 1 where a word stands, 0 past the end of a sentence, `[timeSteps, batch]`. */
  readonly weights: Float32Array;
  /** Words of all its sentences. */
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
