import type { WordVocabulary } from '../data/words/vocabulary.ts';
import type { TextClassifier, TextClassifierShape } from '../models/textClassifier.ts';
import { type NamedTensor, readTensors } from '../models/weights.ts';
import type { Calibration } from './calibration.ts';
import { packRows } from './packedRows.ts';
import type { SentimentParts } from './sentimentModel.ts';
import { WordTable } from './wordTable.ts';

/** Learned parameters of a classifier. */
export interface LearnedTensors {
  /** Change of the word vectors by training, `[vocabularySize, dimensions]`. */
  readonly difference: Float32Array;
  readonly weights: readonly NamedTensor[];
}

/** Metadata that the tensors do not contain. */
export interface PackedContext {
  readonly shape: Pick<TextClassifierShape, 'dimensions' | 'units' | 'pooling'>;
  readonly labels: readonly string[];
  readonly temperature: Calibration;
  /** Vocabulary of the training data. */
  readonly vocabulary: WordVocabulary;
  /**
   * Number of leading words that keep the change of their vectors by training. For rare words the change is mostly
   * noise.
   */
  readonly adaptedWords: number;
  /** Pretrained vectors of `vocabulary`, `[vocabulary.size, dimensions]`. */
  readonly pretrained: Float32Array;
  /** Additional words that training did not see, with vectors `[words, dimensions]`. */
  readonly others: { readonly words: readonly string[]; readonly vectors: Float32Array };
}

/** Reads the current parameters of a classifier. */
export async function learnedTensors(model: TextClassifier): Promise<LearnedTensors> {
  const read = async (parameters: TextClassifier['parameters']) =>
    readTensors(parameters.map(({ name, variable }) => ({ name, tensor: variable })));
  const [difference] = await read(model.embedding.parameters);
  if (!difference) throw new Error('The classifier has no word vectors.');
  return { difference: difference.values, weights: await read(model.sequence.parameters) };
}

/**
 * Quantizes classifiers with the same vocabulary into one model that can be used and saved.
 * @param members the members of the ensemble, at least one
 */
export function packClassifier(members: readonly LearnedTensors[], context: PackedContext): SentimentParts {
  const { shape, labels, temperature, vocabulary, adaptedWords, pretrained, others } = context;
  const { dimensions, units, pooling } = shape;
  // <unk> and the words, without <pad>.
  const rows = (vocabulary.size - 1) * dimensions;
  const table = WordTable.pack([...vocabulary.words.slice(1, -1), ...others.words], dimensions, {
    trained: pretrained.subarray(0, rows),
    others: others.vectors,
  });
  const adapted = Math.min(rows, (1 + adaptedWords) * dimensions);
  const packed = members.map(({ difference, weights }) => ({
    difference: packRows(difference.subarray(0, adapted), dimensions, 4),
    weights,
  }));
  return { labels, units, pooling, temperature, table, members: packed };
}
