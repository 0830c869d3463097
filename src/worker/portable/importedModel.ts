import { parseRunConfig } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { Vocabulary } from '../../data/vocabulary.ts';
import { WordVocabulary } from '../../data/words/vocabulary.ts';
import type { PortableModel, PortableShape } from '../../interop/portable.ts';
import { reordered } from '../../interop/reorder.ts';
import { LanguageModel } from '../../models/languageModel.ts';
import { RecurrentClassifier } from '../../models/recurrentClassifier.ts';
import { savedLanguageModel } from '../../models/savedModels.ts';
import { writeVariables } from '../../models/weights.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { networkFiles, type SavedTask } from '../tasks/classification/savedClassifier.ts';
import type { TrainedModelFiles } from '../trainedModel.ts';

/** A model of another program as a run keeps it. */
export interface ImportedModel {
  readonly config: RunConfig;
  /** The files of `model/`. */
  readonly files: TrainedModelFiles;
  readonly parameters: number;
}

/** What the file of a model does not have. */
export interface Meaning {
  /** Tokens by id. */
  readonly tokens: readonly string[];
  /** Name of the file of the tokens, for errors. */
  readonly vocabulary: string;
  /** Names of the classes by output; numbers if omitted. */
  readonly labels?: readonly string[] | undefined;
  /** How a classifier reads texts, if this product has exported it; guessed otherwise. */
  readonly task?: SavedTask | undefined;
}

/** Names that other programs give to unknown tokens and to padding. */
const UNKNOWN = /^(?:<unk>|\[unk\]|<unknown>|unk|<oov>|\[oov\])$/i;
const PADDING = /^(?:<pad>|\[pad\]|<padding>|pad)$/i;
const LONGEST_TEXT = 400;

/**
 * A language model of characters, or a classifier of texts, with the tokens in the order of our vocabularies.
 * @throws UnusableError for a vocabulary of another size or another kind, and for labels of another number
 */
export async function importedModel(model: PortableModel, meaning: Meaning): Promise<ImportedModel> {
  const { shape } = model;
  const { tokens } = meaning;
  const isLanguageModel = shape.network === 'every-step' && shape.inputs === shape.outputs && !shape.bidirectional;
  if (!isLanguageModel && (shape.network !== 'last-step' || shape.inputKind !== 'ids'))
    throw new UnusableError(
      phrase('Language models and classifiers of texts can be imported. This is a model of another kind.'),
    );
  if (isLanguageModel && meaning.labels) throw new UnusableError(phrase('A language model has no labels. Omit them.'));
  if (tokens.length !== shape.inputs)
    throw new UnusableError(
      phrase(
        'The vocabulary "{0}" has {1} tokens, and the model reads {2}. Name another one with --vocabulary.',
        meaning.vocabulary,
        tokens.length,
        shape.inputs,
      ),
    );
  return isLanguageModel ? importedLanguageModel(model, tokens) : importedClassifier(model, meaning);
}

async function importedLanguageModel(
  { shape, tensors }: PortableModel,
  tokens: readonly string[],
): Promise<ImportedModel> {
  const isCharacter = (token: string) => Array.from(token).length === 1;
  const unknown = tokens.findIndex((token) => UNKNOWN.test(token));
  const characters = tokens.filter(isCharacter);
  const marks = tokens.filter((token, id) => id !== unknown && !isCharacter(token));
  if (characters.length === 0 || marks.length > characters.length)
    throw new UnusableError(
      phrase(
        'Language models of characters can be imported. Most tokens of the vocabulary are longer, such as {0}.',
        JSON.stringify(marks[0] ?? ''),
      ),
    );
  const vocabulary = Vocabulary.of(
    characters.map((character) => character.codePointAt(0) ?? 0),
    marks,
  );
  const oldId = new Map(tokens.map((token, id) => [token, id]));
  const order = vocabulary.tokens.map((token, id) => (id === 0 ? unknown : (oldId.get(token) ?? -1)));
  const config = parseRunConfig({ task: { name: 'language-model' }, model: modelFields(shape) });
  const network = new LanguageModel({ ...config.model, vocabularySize: vocabulary.size, dropout: 0 });
  try {
    writeVariables(network.parameters, reordered(shape, tensors, order, true));
    const files = await savedLanguageModel.files(network, 'language-model');
    return {
      config,
      files: { ...files, 'vocabulary.json': JSON.stringify(vocabulary) },
      parameters: network.parameterCount,
    };
  } finally {
    network.dispose();
  }
}

async function importedClassifier(
  { shape, tensors }: PortableModel,
  { tokens, labels: given, task }: Meaning,
): Promise<ImportedModel> {
  const labels = given ?? task?.labels ?? Array.from({ length: shape.outputs }, (_, index) => String(index));
  if (labels.length !== shape.outputs)
    throw new UnusableError(
      phrase('There are {0} labels, and the model has {1} outputs.', labels.length, shape.outputs),
    );
  const unknown = tokens.findIndex((token) => UNKNOWN.test(token));
  const padding = tokens.findIndex((token) => PADDING.test(token));
  const words = tokens.filter((_, id) => id !== unknown && id !== padding);
  const vocabulary = WordVocabulary.of(words);
  const oldId = new Map(tokens.map((token, id) => [token, id]));
  const order = vocabulary.words.map((word, id) =>
    id === 0 ? unknown : id === vocabulary.paddingId ? padding : (oldId.get(word) ?? -1),
  );
  const isLong = words.filter((word) => Array.from(word).length > 1).length > words.length / 2;
  const config = parseRunConfig({
    task: {
      name: 'classification',
      tokens: task?.tokens ?? (isLong ? 'word' : 'character'),
      wordRules: task?.wordRules ?? 'unicode',
      lowerCase: task?.lowerCase ?? words.every((word) => word === word.toLowerCase()),
      stripAccents: task?.stripAccents ?? false,
      maximumLength: task?.maximumLength ?? LONGEST_TEXT,
    },
    model: { ...modelFields(shape), bidirectional: shape.bidirectional, pooling: shape.pooling },
  });
  const network = new RecurrentClassifier({
    ...config.model,
    vocabularySize: vocabulary.size,
    classes: labels.length,
    dropout: 0,
  });
  try {
    writeVariables(network.parameters, reordered(shape, tensors, order, false));
    return {
      config,
      files: await networkFiles(network, vocabulary, labels, config, task?.thresholds),
      parameters: network.parameterCount,
    };
  } finally {
    network.dispose();
  }
}

function modelFields(shape: PortableShape) {
  const { cell, layers, units, bias, projection, activation, recurrence, resetAfter, embedding, tied } = shape;
  return {
    family: 'recurrent',
    ...{ cell, layers, units, bias, projection, activation, recurrence, resetAfter, embedding, tieWeights: tied },
  } as const;
}
