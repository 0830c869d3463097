import { tokenizeWords } from '../../../src/data/words/tokenizer.ts';
import { SequenceClassifier } from '../../../src/models/sequenceClassifier.ts';
import { readTensors } from '../../../src/models/weights.ts';
import { Generator } from '../../../src/random/generator.ts';
import { packRows } from '../../../src/sentiment/packedRows.ts';
import type { SentimentParts } from '../../../src/sentiment/sentimentModel.ts';
import { WordTable } from '../../../src/sentiment/wordTable.ts';

const DIMENSIONS = 4;
const UNITS = 3;

/**
 * A small model of two members with random weights, which knows the words of a text; the last few without a trained
 * difference.
 */
export async function tinyParts(
  text: string,
  labels: readonly string[] = ['negative', 'positive'],
): Promise<SentimentParts> {
  const generator = Generator.forPurpose(4, 'tiny model');
  const numbers = (count: number, size: number): Float32Array =>
    Float32Array.from({ length: count * DIMENSIONS }, () => size * generator.nextNormal());
  const words = [...new Set(tokenizeWords(text).map(({ form }) => form))];
  const others = Math.floor(words.length / 3);
  const trained = 1 + words.length - others;
  const table = WordTable.pack(words, DIMENSIONS, { trained: numbers(trained, 1), others: numbers(others, 1) });
  const member = async () => {
    const classifier = new SequenceClassifier({
      inputs: table.width,
      units: UNITS,
      pooling: 'attention',
      classes: labels.length,
    });
    classifier.initialize(generator);
    const weights = await readTensors(classifier.parameters.map(({ name, variable }) => ({ name, tensor: variable })));
    classifier.dispose();
    return { difference: packRows(numbers(trained, 0.3), DIMENSIONS, 4), weights };
  };
  const members = [await member(), await member()];
  const temperature = { base: 0.2, perLogWord: -0.1 };
  return { labels, units: UNITS, pooling: 'attention', temperature, table, members };
}

/** The tiny model with a classifier of opinions of random weights, which has another number of units. */
export async function withOpinion(parts: SentimentParts, threshold: number): Promise<SentimentParts> {
  const units = UNITS + 1;
  const classifier = new SequenceClassifier({ inputs: parts.table.width, units, pooling: 'attention', classes: 2 });
  classifier.initialize(Generator.forPurpose(5, 'opinion'));
  const weights = await readTensors(classifier.parameters.map(({ name, variable }) => ({ name, tensor: variable })));
  classifier.dispose();
  return { ...parts, opinion: { units, weights, threshold } };
}
