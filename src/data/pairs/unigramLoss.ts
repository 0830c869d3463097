import { MarkedVocabulary } from './markedVocabulary.ts';

/**
 * Mean loss in nats per token, the end among them, of guessing by how often each token stands in the training texts,
 * whatever the source says. One is added to every count.
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
