import type { WordVocabulary } from '../data/words/vocabulary.ts';
import type { TextClassifier } from '../models/textClassifier.ts';
import { readTensors } from '../models/weights.ts';
import type { Calibration } from './calibration.ts';
import type { SentimentParts } from './sentimentModel.ts';
import { WordTable } from './wordTable.ts';

/** What a trained classifier's own tensors do not say. */
export interface PackedContext {
  readonly labels: readonly string[];
  readonly temperature: Calibration;
  /** The words that it was trained on. */
  readonly vocabulary: WordVocabulary;
  /** Their vectors before training, `[vocabulary.size, dimensions]`. */
  readonly pretrained: Float32Array;
  /** Words that training did not see and that are to be known, with their vectors `[words, dimensions]`. */
  readonly others: { readonly words: readonly string[]; readonly vectors: Float32Array };
}

/** Packs a trained classifier, with its weights as they are now, into what can be used and written to a file. */
export async function packClassifier(model: TextClassifier, { labels, temperature, vocabulary, pretrained, others }: PackedContext): Promise<SentimentParts> {
  const { dimensions, units, pooling } = model.shape;
  const read = async (parameters: TextClassifier['parameters']) => readTensors(parameters.map(({ name, variable }) => ({ name, tensor: variable })));
  const [difference] = await read(model.embedding.parameters);
  // <unk> and the words, without <pad>.
  const rows = (vocabulary.size - 1) * dimensions;
  const table = WordTable.pack([...vocabulary.words.slice(1, -1), ...others.words], dimensions, {
    trained: pretrained.subarray(0, rows),
    difference: difference?.values.subarray(0, rows) ?? new Float32Array(rows),
    others: others.vectors,
  });
  return { labels, units, pooling, temperature, table, weights: await read(model.sequence.parameters) };
}
