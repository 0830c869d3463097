import { parseRunConfig } from '../../config/parse.ts';
import { DEFAULT_WINDOW, type ImportedKind } from '../../config/recognitionChoices.ts';
import type { RunConfig } from '../../config/schema.ts';
import { type ForecastPlan, plainPlan } from '../../data/numeric/forecastPlan.ts';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import { TokenizerVocabulary } from '../../data/tokenizers/tokenizerVocabulary.ts';
import type { TokenizerWords } from '../../data/tokenizers/tokenizerWords.ts';
import { Vocabulary } from '../../data/vocabulary.ts';
import { WordVocabulary } from '../../data/words/vocabulary.ts';
import { type PortableModel, type PortableShape } from '../../interop/portable.ts';
import type { Recognized } from '../../interop/recognized.ts';
import { reordered, reorderedPairs } from '../../interop/reorder.ts';
import { EncoderDecoder } from '../../models/encoderDecoder/encoderDecoder.ts';
import { LanguageModel } from '../../models/languageModel.ts';
import { RecurrentClassifier } from '../../models/recurrentClassifier.ts';
import { savedEncoderDecoder, savedLanguageModel, savedSequenceModel } from '../../models/savedModels.ts';
import { SequenceModel } from '../../models/sequenceModel.ts';
import { Tagger } from '../../models/tagger.ts';
import { type NamedTensor, type Parameter, writeVariables } from '../../models/weights.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { PADDING, subwordVocabulary } from '../initial/subwords.ts';
import { networkFiles } from '../tasks/classification/savedClassifier.ts';
import { taggerFiles } from '../tasks/tagging/savedTagger.ts';
import type { TrainedModelFiles } from '../trainedModel.ts';

/** A model of another program as a run keeps it. */
export interface ImportedModel {
  readonly config: RunConfig;
  /** The files of `model/`. */
  readonly files: TrainedModelFiles;
  readonly parameters: number;
  /** What was made of a vocabulary of another size, in sentences. */
  readonly notes?: readonly Text[];
}

/** Tokens by id, of a file. */
export interface Tokens {
  readonly tokens: readonly string[];
  /** Name of the file, for errors. */
  readonly name: string;
  /** Finds the tokens in a text, if the file says how. */
  readonly tokenizer?: TokenizerWords | undefined;
}

/** What the file of a model does not have. */
export interface Meaning {
  /** Tokens of the inputs; of a model that reads numbers, none. */
  readonly vocabulary: Tokens | undefined;
  /** Tokens that a decoder writes; those of the inputs if omitted. */
  readonly target?: Tokens | undefined;
  /** Names of the classes or tags by output; numbers if omitted. */
  readonly labels?: readonly string[] | undefined;
  /** Names of the columns that a forecaster reads; numbers from 1 if omitted. */
  readonly columns?: readonly string[] | undefined;
  /** Names of the columns that it forecasts; the last of the columns if omitted. */
  readonly targets?: readonly string[] | undefined;
  /** Steps that a forecaster reads. */
  readonly window?: number | undefined;
}

/** Names that other programs give to tokens. */
const UNKNOWN = /^(?:<unk>|\[unk\]|<unknown>|unk|<oov>|\[oov\])$/i;
const START = /^(?:<start>|<sos>|<bos>|<s>|\[start\]|\[sos\]|\[bos\]|<go>|sos|bos)$/i;
const END = /^(?:<end>|<eos>|<\/s>|\[end\]|\[eos\]|eos)$/i;
const LONGEST_TEXT = 400;
/** Length of the longest output of a decoder whose training is unknown. */
const LONGEST_OUTPUT = 100;

interface Kind {
  /** Whether it reads tokens, and not numbers. */
  readonly readsTokens: boolean;
  /** What it needs to mean something. */
  imported(model: PortableModel, meaning: Meaning): Promise<ImportedModel>;
}

const KINDS: Readonly<Record<ImportedKind, Kind>> = {
  'language-model': { readsTokens: true, imported: languageModel },
  classifier: { readsTokens: true, imported: classifier },
  tagger: { readsTokens: true, imported: tagger },
  forecaster: { readsTokens: false, imported: forecaster },
  'sequence-to-sequence': { readsTokens: true, imported: encoderDecoder },
};

/**
 * The kind of a recognized model.
 * @param name name of the file, for errors
 * @throws UnusableError if only the user can tell, and for numbers at each step
 */
export function kindOf({ kind, kinds }: Pick<Recognized, 'kind' | 'kinds'>, name: string): ImportedKind {
  if (kind !== undefined) return kind;
  throw new UnusableError(
    kinds.length === 0
      ? phrase(
          '"{0}" answers with a number at every step and cannot be imported. Models that answer with numbers after the last step can.',
          name,
        )
      : phrase(
          '"{0}" reads vectors. If they are one-hot vectors of tokens, choose what it is for: {1}. Other vectors can be read by models that answer with numbers after the last step.',
          name,
          kinds.join(', '),
        ),
    { option: 'kind' },
  );
}

/** Whether a model of a kind reads tokens, so that it needs a vocabulary. */
export function readsTokens(kind: ImportedKind): boolean {
  return KINDS[kind].readsTokens;
}

/**
 * A model of another program, with the tokens in the order of our vocabularies.
 * @throws UnusableError for a vocabulary of another size or another kind, and for labels or columns of another number
 */
export async function importedModel(
  model: PortableModel,
  kind: ImportedKind,
  meaning: Meaning,
): Promise<ImportedModel> {
  return KINDS[kind].imported(model, meaning);
}

interface Network {
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  dispose(): void;
}

/** The files of a network with weights. @param files returns them; the network is disposed afterwards */
export async function filesWith<Net extends Network>(
  network: Net,
  tensors: readonly NamedTensor[],
  files: (network: Net) => Promise<TrainedModelFiles>,
): Promise<Pick<ImportedModel, 'files' | 'parameters'>> {
  try {
    writeVariables(network.parameters, tensors);
    return { files: await files(network), parameters: network.parameterCount };
  } finally {
    network.dispose();
  }
}

async function languageModel({ shape, tensors }: PortableModel, meaning: Meaning): Promise<ImportedModel> {
  if (meaning.labels) throw new UnusableError(phrase('A language model has no labels. Omit them.'));
  if (shape.outputs !== shape.inputs || shape.bidirectional)
    throw new UnusableError(
      phrase(
        'A language model reads in one direction and has an output for each token; this model reads {0} and has {1} outputs. Choose another kind.',
        shape.inputs,
        shape.outputs,
      ),
      { option: 'kind' },
    );
  const known = tokensFor(shape.inputs, meaning.vocabulary);
  const { vocabulary, order, kind } = known.tokenizer ? ofTokenizer(known.tokenizer) : ofCharacters(known.tokens);
  const config = parseRunConfig({
    task: { name: 'language-model', tokens: kind },
    model: modelFields(shape),
  });
  const network = new LanguageModel({ ...config.model, vocabularySize: vocabulary.size, dropout: 0 });
  const files = async () => ({
    ...(await savedLanguageModel.files(network, 'language-model')),
    'vocabulary.json': JSON.stringify(vocabulary),
  });
  return { config, notes: known.notes, ...(await filesWith(network, reordered(shape, tensors, order, true), files)) };
}

/** The vocabulary of a language model, with the id that each token has in the other program. */
interface OrderedVocabulary {
  readonly vocabulary: Vocabulary | TokenizerVocabulary;
  readonly order: readonly number[];
  readonly kind: 'character' | 'subword';
}

function ofTokenizer({ tokenizer }: TokenizerWords): OrderedVocabulary {
  const vocabulary = new TokenizerVocabulary(tokenizer);
  return { vocabulary, order: vocabulary.order, kind: 'subword' };
}

function ofCharacters(tokens: readonly string[]): OrderedVocabulary {
  const unknown = tokens.findIndex((token) => UNKNOWN.test(token));
  const characters = tokens.filter(isCharacter);
  const marks = tokens.filter((token, id) => id !== unknown && !isCharacter(token));
  if (characters.length === 0 || marks.length > characters.length)
    throw new UnusableError(
      phrase(
        'Most tokens of the vocabulary are longer than a character, such as {0}, and a list of them does not say how a text is split. Choose a tokenizer.json as the vocabulary.',
        JSON.stringify(marks[0] ?? ''),
      ),
      { option: 'vocabulary' },
    );
  const vocabulary = Vocabulary.of(
    characters.map((character) => character.codePointAt(0) ?? 0),
    marks,
  );
  const oldId = idsOf(tokens);
  const order = vocabulary.tokens.map((token, id) => (id === 0 ? unknown : (oldId.get(token) ?? -1)));
  return { vocabulary, order, kind: 'character' };
}

async function classifier({ shape, tensors }: PortableModel, meaning: Meaning): Promise<ImportedModel> {
  const labels = labelsFor(shape.outputs, meaning.labels);
  const known = tokensFor(shape.inputs, meaning.vocabulary, true);
  const { vocabulary, order, words } = wordsOf(known);
  const tokens = known.tokenizer ? 'subword' : areLong(words) ? 'word' : 'character';
  const config = parseRunConfig({
    task: {
      name: 'classification',
      tokens,
      lowerCase: words.every((word) => word === word.toLowerCase()),
      maximumLength: LONGEST_TEXT,
    },
    model: { ...modelFields(shape), bidirectional: shape.bidirectional, pooling: shape.pooling },
  });
  const sizes = { vocabularySize: vocabulary.size, classes: labels.length, dropout: 0 };
  const network = new RecurrentClassifier({ ...config.model, ...sizes });
  const files = () => networkFiles(network, vocabulary, labels, config);
  return { config, notes: known.notes, ...(await filesWith(network, reordered(shape, tensors, order, false), files)) };
}

async function tagger({ shape, tensors }: PortableModel, meaning: Meaning): Promise<ImportedModel> {
  const tags = labelsFor(shape.outputs, meaning.labels);
  const known = tokensFor(shape.inputs, meaning.vocabulary, true);
  const type = known.tokenizer?.tokenizer.spec.model.type;
  if (type !== undefined && type !== 'WordLevel')
    throw new UnusableError(
      phrase(
        'A tagger reads whole words, and the tokenizer "{0}" is of the kind {1}, which splits them. Choose a vocabulary of words.',
        known.name,
        type,
      ),
      { option: 'vocabulary' },
    );
  const { vocabulary, order } = wordsOf({ ...known, tokenizer: undefined });
  const config = parseRunConfig({
    task: { name: 'tagging' },
    model: { ...modelFields(shape), bidirectional: shape.bidirectional },
  });
  const network = new Tagger({ ...config.model, vocabularySize: vocabulary.size, tags: tags.length, dropout: 0 });
  const files = () => taggerFiles(network, vocabulary, tags);
  return { config, notes: known.notes, ...(await filesWith(network, reordered(shape, tensors, order, false), files)) };
}

async function forecaster({ shape, tensors }: PortableModel, meaning: Meaning): Promise<ImportedModel> {
  if (meaning.labels) throw new UnusableError(phrase('A forecaster has no labels. Omit them.'));
  const plan = planOf(shape, meaning);
  const config = parseRunConfig({
    task: {
      name: 'forecasting',
      inputs: plan.inputs.join(','),
      column: plan.targets.map(({ column }) => column).join(','),
      transform: 'none',
      horizon: plan.horizon,
    },
    data: { sequenceLength: plan.timeSteps },
    model: { ...modelFields(shape), bidirectional: shape.bidirectional },
  });
  const { inputs, outputs } = shape;
  const network = new SequenceModel({
    ...config.model,
    ...{ inputs, outputs, inputKind: 'vectors', outputKind: 'number', dropout: 0 },
  });
  const files = async () => ({
    ...(await savedSequenceModel.files(network, 'forecasting')),
    'series.json': JSON.stringify(plan),
  });
  return { config, ...(await filesWith(network, tensors, files)) };
}

/** The plan of a forecaster whose scales are unknown: it reads and writes the numbers of the data as they are. */
function planOf(
  { inputs, outputs }: PortableShape,
  { columns: given, targets, window = DEFAULT_WINDOW }: Meaning,
): ForecastPlan {
  const columns = given ?? Array.from({ length: inputs }, (_, channel) => String(channel + 1));
  if (columns.length !== inputs)
    throw new UnusableError(phrase('There are {0} columns, and the model reads {1} numbers.', columns.length, inputs));
  const forecast = targets ?? (outputs === inputs ? columns : columns.slice(-1));
  if (forecast.length === 0 || outputs % forecast.length !== 0)
    throw new UnusableError(
      phrase(
        'The model has {0} outputs, which {1} columns do not share equally. Name the forecast columns.',
        outputs,
        forecast.length,
      ),
      { option: 'targets' },
    );
  const none = { mean: 0, deviation: 1 };
  return plainPlan(
    forecast,
    { inputs: [...columns], timeSteps: window, horizon: outputs / forecast.length },
    { inputs: columns.map(() => none), targets: forecast.map(() => none), raw: forecast.map(() => none) },
  );
}

async function encoderDecoder({ shape, tensors }: PortableModel, meaning: Meaning): Promise<ImportedModel> {
  if (meaning.labels) throw new UnusableError(phrase('A model that converts texts has no labels. Omit them.'));
  const known = tokensFor(shape.inputs, meaning.vocabulary);
  const written = tokensFor(shape.outputs, meaning.target ?? meaning.vocabulary);
  const [source, target] = [markedOf(known, false), markedOf(written, true)];
  const notes = [...known.notes, ...written.notes];
  const config = parseRunConfig({
    task: { name: 'sequence-to-sequence', tokens: 'character' },
    model: { ...modelFields(shape), bidirectional: shape.bidirectional, attention: shape.attention },
  });
  const sizes = { sourceSize: source.vocabulary.size, targetSize: target.vocabulary.size };
  const network = new EncoderDecoder({ ...config.model, ...sizes, dropout: 0 });
  const files = async () => ({
    ...(await savedEncoderDecoder.files(network, 'sequence-to-sequence')),
    'source-vocabulary.json': JSON.stringify(source.vocabulary),
    'target-vocabulary.json': JSON.stringify(target.vocabulary),
    'writing.json': JSON.stringify({ version: 1, maxLength: LONGEST_OUTPUT }),
  });
  return {
    config,
    notes,
    ...(await filesWith(network, reorderedPairs(shape, tensors, source.order, target.order), files)),
  };
}

/** A vocabulary of characters with marks, with the id that each token has in the other program. */
function markedOf(
  { tokens, name }: Tokens,
  writes: boolean,
): { readonly vocabulary: MarkedVocabulary; readonly order: readonly number[] } {
  const find = (pattern: RegExp) => tokens.findIndex((token) => pattern.test(token));
  const marks = [find(UNKNOWN), find(START), find(END), find(PADDING)];
  const [unknown = -1, start = -1, end = -1, padding = -1] = marks;
  if (writes && (start < 0 || end < 0))
    throw new UnusableError(
      phrase(
        'The vocabulary "{0}" of the decoder has no marks of a beginning and of an end, such as <sos> and <eos>.',
        name,
      ),
    );
  const others = tokens.filter((_, id) => !marks.includes(id));
  const long = others.find((token) => !isCharacter(token));
  if (long !== undefined)
    throw new UnusableError(
      phrase(
        'Models that convert texts of characters can be imported. The vocabulary "{0}" has the token {1}.',
        name,
        JSON.stringify(long),
      ),
    );
  const words = ['<unk>', '<start>', '<end>', ...others, '<pad>'];
  const vocabulary = MarkedVocabulary.fromJSON({
    ...{ version: 1, kind: 'marked', granularity: 'character', apostrophes: 'contractions', words },
  });
  const oldId = idsOf(tokens);
  return { vocabulary, order: [unknown, start, end, ...others.map((token) => oldId.get(token) ?? -1), padding] };
}

function isCharacter(token: string): boolean {
  return Array.from(token).length === 1;
}

function areLong(words: readonly string[]): boolean {
  return words.filter((word) => !isCharacter(word)).length > words.length / 2;
}

function idsOf(tokens: readonly string[]): ReadonlyMap<string, number> {
  return new Map(tokens.map((token, id) => [token, id]));
}

/** A vocabulary of words, with the id that each has in the other program. */
function wordsOf({ tokens, tokenizer }: Tokens): {
  readonly vocabulary: WordVocabulary;
  readonly order: readonly number[];
  readonly words: readonly string[];
} {
  const names = tokenizer?.forms ?? tokens;
  const unknown = tokenizer?.tokenizer.unknownId ?? names.findIndex((token) => UNKNOWN.test(token));
  const padding = names.findIndex((token) => PADDING.test(token));
  const vocabulary = tokenizer
    ? subwordVocabulary(tokenizer)
    : WordVocabulary.of(names.filter((_, id) => id !== unknown && id !== padding));
  const oldId = idsOf(names);
  const last = vocabulary.paddingId;
  const order = vocabulary.words.map((word, id) =>
    id === 0 ? unknown : id === last ? padding : (oldId.get(word) ?? -1),
  );
  return { vocabulary, order, words: vocabulary.words.slice(1, -1) };
}

/** Tokens that fit the inputs of a model. */
interface FittingTokens extends Tokens {
  readonly notes: readonly Text[];
}

/**
 * The tokens of a vocabulary for the inputs of a model, whose last rows may be unused: embeddings are often padded.
 * @param cuts whether tokens beyond those that the model reads are words that it does not know
 * @throws UnusableError for a vocabulary of another size
 */
function tokensFor(needed: number, vocabulary: Tokens | undefined, cuts = false): FittingTokens {
  if (!vocabulary) throw new Error('A model of tokens needs a vocabulary.');
  const { tokens, name, tokenizer } = vocabulary;
  const { length } = tokens;
  if (length === needed) return { ...vocabulary, notes: [] };
  // A vocabulary of fewer than half of the tokens is rather that of another model.
  if (length < needed && 2 * length >= needed)
    return {
      ...vocabulary,
      notes: [
        phrase(
          'vocabulary "{0}": {1} tokens; the last {2} ids of the model have no token and are unused',
          name,
          length,
          needed - length,
        ),
      ],
    };
  if (length > needed && cuts && !tokenizer && areLong(tokens))
    return {
      ...vocabulary,
      tokens: tokens.slice(0, needed),
      notes: [
        phrase('vocabulary "{0}": the first {1} of {2} tokens; the others are unknown words', name, needed, length),
      ],
    };
  throw new UnusableError(
    phrase('The vocabulary "{0}" has {1} tokens, and the model reads {2}. Choose another one.', name, length, needed),
    { option: 'vocabulary' },
  );
}

/** @throws UnusableError for labels of another number, or that occur twice */
function labelsFor(outputs: number, given: readonly string[] | undefined): readonly string[] {
  const labels = given ?? Array.from({ length: outputs }, (_, index) => String(index));
  if (labels.length !== outputs)
    throw new UnusableError(phrase('There are {0} labels, and the model has {1} outputs.', labels.length, outputs));
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice === undefined) return labels;
  throw new UnusableError(phrase('The label {0} occurs twice.', JSON.stringify(twice)));
}

/** The fields of the configuration that a structure determines. */
export function modelFields(shape: PortableShape) {
  const { cell, layers, units, bias, projection, activation, recurrence, resetAfter, embedding, tied } = shape;
  return {
    family: 'recurrent',
    ...{ cell, layers, units, bias, projection, activation, recurrence, resetAfter, embedding, tieWeights: tied },
  } as const;
}
