import { InputError } from '../../data/inputError.ts';
import { oneHot, wordPipeline } from '../../data/words/pipeline.ts';
import { DIMENSIONS, type PipelineRequest, type PipelineResult } from '../../protocol/lessons/texts.ts';
import { embeddingMatrix } from './embedding.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Computes each step from texts to a network's input. @throws InputError if there are no words */
export function workPipeline({ texts, embedding, text }: PipelineRequest): PipelineResult {
  const { words, counts, vocabulary, ids, timeSteps, padded } = wordPipeline(texts);
  if (timeSteps === 0) throw new InputError('empty', phrase('These sentences contain no words.'));
  const { size } = vocabulary;
  const chosen = ids[text] ?? new Int32Array();
  const vectors = oneHot(chosen, size);
  const matrix = embeddingMatrix(vocabulary.words, embedding);
  const lookup = [...chosen].flatMap((id) => matrix.slice(id * DIMENSIONS, (id + 1) * DIMENSIONS));
  return {
    words: words.map((each) => [...each]),
    vocabulary: [...vocabulary.words],
    counts: vocabulary.words.map((word) => counts.get(word) ?? 0),
    ids: ids.map((each) => [...each]),
    timeSteps,
    padded: [...padded],
    embedding: matrix,
    oneHot: [...vectors],
    product: matrixProduct(vectors, matrix, chosen.length, size, DIMENSIONS),
    lookup,
  };
}

/** `[n, m] x [m, p]`, row-major. */
function matrixProduct(a: ArrayLike<number>, b: readonly number[], n: number, m: number, p: number): number[] {
  const product = new Array<number>(n * p).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < m; k++) product[i * p + j]! += a[i * m + k]! * b[k * p + j]!;
    }
  }
  return product;
}
