import { MarkedVocabulary } from './markedVocabulary.ts';

/**
 * Mean loss in nats per token, including the end mark, of predicting tokens by their frequency in the training texts,
 * regardless of the source. One is added to every count.
 */
export function unigramLoss(training: Iterable<Int32Array>, validation: Iterable<Int32Array>, size: number): number {
  const counts = new Float64Array(size).fill(1);
  let total = size;
  const count = (id: number) => {
    counts[id] = counts[id]! + 1;
    total += 1;
  };
  for (const text of training) {
    text.forEach(count);
    count(MarkedVocabulary.endId);
  }
  let [loss, tokens] = [0, 0];
  for (const text of validation) {
    for (const id of [...text, MarkedVocabulary.endId]) {
      loss -= Math.log(counts[id]! / total);
      tokens += 1;
    }
  }
  return loss / tokens;
}
