import * as tf from '@tensorflow/tfjs';
import { padSequences } from '../data/labelled/sequenceBatcher.ts';
import { tokenizeWords } from '../data/words/tokenizer.ts';
import type { Pooling } from '../layers/pooling.ts';
import { SequenceClassifier } from '../models/sequenceClassifier.ts';
import { type NamedTensor, writeVariables } from '../models/weights.ts';
import type { WordTable } from './wordTable.ts';

export interface SentimentParts {
  readonly labels: readonly string[];
  readonly units: number;
  readonly pooling: Pooling;
  readonly table: WordTable;
  readonly weights: readonly NamedTensor[];
  readonly temperature: number;
}

export class SentimentModel {
  readonly parts: SentimentParts;
  readonly #classifier: SequenceClassifier;
  private constructor(parts: SentimentParts, classifier: SequenceClassifier) {
    this.parts = parts;
    this.#classifier = classifier;
  }
  static of(parts: SentimentParts): SentimentModel {
    const classifier = new SequenceClassifier({ inputs: parts.table.width, units: parts.units, pooling: parts.pooling, classes: parts.labels.length });
    writeVariables(classifier.parameters, parts.weights);
    return new SentimentModel(parts, classifier);
  }
  async logits(texts: readonly string[]): Promise<number[][]> {
    const { table } = this.parts;
    const ids = texts.map((t) => table.vocabulary.encode(tokenizeWords(t)));
    const order = ids.map((_, i) => i).sort((a, b) => (ids[a] as Int32Array).length - (ids[b] as Int32Array).length);
    const result: number[][] = [];
    for (let at = 0; at < order.length; at += 50) {
      const chunk = order.slice(at, at + 50);
      const batch = padSequences(chunk.map((i) => ids[i] as Int32Array), table.vocabulary.paddingId);
      const logits = tf.tidy(() => {
        const x = tf.tensor3d(table.embed(batch), [batch.timeSteps, batch.batch, table.width]);
        return this.#classifier.forward(x, tf.tensor1d(batch.lengths, 'int32')).logits;
      });
      const rows = await logits.array();
      logits.dispose();
      chunk.forEach((i, k) => (result[i] = rows[k] as number[]));
    }
    return result;
  }
}
