import { InputError } from '../../data/inputError.ts';
import { wordPipeline } from '../../data/words/pipeline.ts';
import type { BagOfWordsRequest, BagOfWordsResult } from '../../protocol/lessons/texts.ts';
import { phrase } from '../../phrases/phrase.ts';

/**
 * Counts the words of labeled texts, and trains a logistic regression on the counts: full-batch gradient descent on the
 * mean cross-entropy, from zero weights.
 * @throws InputError if there are no words, or labels are missing
 */
export function workBagOfWords({ texts, labels, steps, learningRate }: BagOfWordsRequest): BagOfWordsResult {
  if (labels.length !== texts.length)
    throw new InputError('no-labels', phrase('There are {0} sentences and {1} labels.', texts.length, labels.length));
  const { words, vocabulary } = wordPipeline(texts);
  const columns = vocabulary.words.slice(1, -1);
  if (columns.length === 0) throw new InputError('empty', phrase('These sentences contain no words.'));
  const rows = words.map((text) => columns.map((word) => text.filter((each) => each === word).length));
  const weights = columns.map(() => 0);
  let bias = 0;
  const logits = () => rows.map((row) => row.reduce((sum, times, i) => sum + times * weights[i]!, bias));
  const losses = [meanLoss(logits(), labels)];
  for (let step = 0; step < steps; step++) {
    const errors = logits().map((logit, text) => sigmoid(logit) - labels[text]!);
    weights.forEach((weight, i) => {
      const gradient = errors.reduce((sum, error, text) => sum + error * rows[text]![i]!, 0) / rows.length;
      weights[i] = weight - learningRate * gradient;
    });
    bias -= (learningRate * errors.reduce((sum, error) => sum + error, 0)) / rows.length;
    losses.push(meanLoss(logits(), labels));
  }
  return {
    words: words.map((each) => [...each]),
    columns,
    bags: rows.flat(),
    losses,
    weights,
    bias,
    probabilities: logits().map(sigmoid),
    lowestLoss: lowestLoss(rows, labels),
  };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Mean cross-entropy in nats: `softplus(-z)` for class 1 and `softplus(z)` for class 0, without overflow. */
function meanLoss(logits: readonly number[], labels: readonly number[]): number {
  const losses = logits.map((logit, text) => softplus(labels[text] === 1 ? -logit : logit));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

/** Entropy in nats of the labels given the bag: a function of the bag gives equal bags equal probabilities. */
function lowestLoss(rows: readonly (readonly number[])[], labels: readonly number[]): number {
  const groups = new Map<string, { ones: number; all: number }>();
  rows.forEach((row, text) => {
    const group = groups.get(row.join()) ?? { ones: 0, all: 0 };
    groups.set(row.join(), { ones: group.ones + labels[text]!, all: group.all + 1 });
  });
  let total = 0;
  for (const { ones, all } of groups.values())
    for (const count of [ones, all - ones]) total -= count > 0 ? count * Math.log(count / all) : 0;
  return total / rows.length;
}
