import { InputError } from '../../data/inputError.ts';
import { wordPipeline } from '../../data/words/pipeline.ts';
import type { Convolution, PaddingRequest, PaddingResult } from '../../protocol/lessons/padding.ts';
import { DIMENSIONS } from '../../protocol/lessons/texts.ts';
import { embeddingMatrix } from './embedding.ts';
import { phrase } from '../../phrases/phrase.ts';

/**
 * Slides one filter over padded texts, with "same" padding as the kernels, once with a mask and once
 * without. Pooling is the maximum and the mean of the values after the ReLU.
 * @throws InputError if a text has no words
 */
export function workPadding({ texts, embedding, filter, bias }: PaddingRequest): PaddingResult {
  const { words, vocabulary, timeSteps, padded } = wordPipeline(texts);
  const empty = words.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw new InputError('empty', phrase('Sentence {0} contains no words.', empty + 1));
  const matrix = embeddingMatrix(vocabulary.words, embedding);
  const vectors = Array.from(padded).flatMap((id) => matrix.slice(id * DIMENSIONS, (id + 1) * DIMENSIONS));
  const convolved = (masked: boolean): Convolution => {
    const values = words.map(({ length }, text) => {
      const read = masked ? length : timeSteps;
      const at = (step: number, dimension: number) =>
        step < 0 || step >= read ? 0 : vectors[(text * timeSteps + step) * DIMENSIONS + dimension]!;
      return Array.from({ length: read }, (_, step) => Math.max(0, bias + filtered(filter, step, at)));
    });
    return {
      values: values.flatMap((each) => [...each, ...new Array<number>(timeSteps - each.length).fill(0)]),
      max: values.map((each) => Math.max(...each)),
      maxAt: values.map((each) => each.indexOf(Math.max(...each))),
      mean: values.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length),
    };
  };
  return {
    words: words.map((each) => [...each]),
    vocabulary: [...vocabulary.words],
    timeSteps,
    padded: [...padded],
    vectors,
    unmasked: convolved(false),
    masked: convolved(true),
  };
}

/** Weighted sum of the steps around a step. */
function filtered(
  filter: readonly (readonly number[])[],
  step: number,
  at: (step: number, dimension: number) => number,
): number {
  const before = Math.floor((filter.length - 1) / 2);
  let sum = 0;
  filter.forEach((row, i) => row.forEach((weight, dimension) => (sum += weight * at(step - before + i, dimension))));
  return sum;
}
