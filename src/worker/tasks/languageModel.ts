import { ConfigError } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { type TokenKind, tokensOf } from '../../config/tasks.ts';
import type { TextSource } from '../../config/textSource.ts';
import { fitBaselines } from '../../data/baselines.ts';
import { type Corpus, loadCorpus } from '../../data/corpus.ts';
import { DocumentBatcher } from '../../data/documents/documentBatcher.ts';
import { limitedDocuments, scoredWindows } from '../../data/documents/documentStreams.ts';
import { InputError } from '../../data/inputError.ts';
import { fitTrigrams } from '../../data/ngram/trigramModel.ts';
import { StreamBatcher } from '../../data/streamBatcher.ts';
import { TokenSequence } from '../../data/tokenSequence.ts';
import type { WindowBatcher } from '../../data/windowBatcher.ts';
import { formatCount } from '../../format/count.ts';
import { formatPercent } from '../../format/percent.ts';
import { LanguageModel } from '../../models/languageModel.ts';
import { savedLanguageModel } from '../../models/savedModels.ts';
import { Generator } from '../../random/generator.ts';
import type { Baselines } from '../../protocol/events.ts';
import type { RunRecord } from '../../runs/record.ts';
import { nameOfText } from '../../runs/runSource.ts';
import { LanguageModelTrainer } from '../../training/languageModelTrainer.ts';
import { forgettingCost } from '../../training/forgettingCost.ts';
import { probedLanguageModel, spreadWindows } from '../../training/probedLanguageModel.ts';
import { scoreText } from '../../training/scoring.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { textReading } from '../../training/textReading.ts';
import { languageModelWriter } from '../../training/textWriter.ts';
import { carryWeights, tokenAxisOf } from '../../models/carryWeights.ts';
import { describeInitial, type InitialModel, storedInitialModel } from '../initial/initialModel.ts';
import { subwordTokens } from '../initial/subwords.ts';
import { assertUnchanged, readSource } from './dataFiles.ts';
import { keepCorpus, storedCorpus, unchangedCorpus } from './documentFiles.ts';
import { openLanguageModel } from './storedLanguageModel.ts';
import { networkTask } from './networkTask.ts';
import type { LoadedTask, TaskKind } from './taskKind.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** Size of a vocabulary of words above which one-hot vectors are slow. */
const LARGE_VOCABULARY = 1000;

/** A language model of a text or of the documents of a folder, by characters or by words. */
export const languageModel: TaskKind = {
  async load(source, config, initial) {
    if (source.kind === 'generated')
      throw new InputError('not-found', phrase('Specify a text file to train on, or a run with --resume.'));
    checkStride(config);
    const corpus = await loadText(source, config, { initial });
    return {
      ...loaded(nameOfText(source), corpus, config, initial),
      keepSource: async (folder, files) => keepCorpus(folder, source, corpus, files),
    };
  },

  async reload(folder, record) {
    const initial = await storedInitialModel(folder, record);
    const corpus = await loadText(await storedCorpus(folder, record), record.config, { initial });
    assertUnchanged(record, corpus.report.sha256);
    return loaded(record.name, corpus, record.config, initial);
  },

  async repeat(folder, record) {
    const text = await unchangedCorpus(folder, record);
    const initial = await storedInitialModel(folder, record);
    const corpus = await loadText(text, record.config, { initial });
    assertUnchanged(record, corpus.report.sha256);
    return {
      ...loaded(record.name, corpus, record.config, initial),
      async keepSource(copied, files) {
        const { source } = record;
        if (source?.snapshot) await keepCorpus(copied, text, corpus, files);
        return source;
      },
    };
  },

  open: openLanguageModel,

  timedLoop({ model: config, inputs: vocabularySize, timeSteps, batchSize }) {
    const model = new LanguageModel({ ...config, vocabularySize }, Generator.forPurpose(1, 'measured masks'));
    model.initialize(Generator.forPurpose(1, 'measure'), config);
    const text = TokenSequence.of(
      Array.from({ length: timeSteps * batchSize * 2 + 1 }, (_, place) => place % vocabularySize),
    );
    return new LanguageModelTrainer(model, new StreamBatcher(text, { timeSteps, batchSize }));
  },
};

async function loadText(
  source: TextSource,
  { task, data, seed }: RunConfig,
  { initial }: { readonly initial: InitialModel | undefined },
): Promise<Corpus> {
  const { validationShare, sequenceLength } = data;
  const words =
    task.name === 'language-model' && task.tokens === 'word'
      ? { minCount: task.minimumCount, maxSize: task.maximumVocabulary }
      : undefined;
  const subwords = tokensOf(task) === 'subword' ? await subwordTokens(undefined, initial) : undefined;
  const known = initial && { tokens: initial.tokens, extend: initial.facts.extend };
  return loadCorpus(readSource(source, { data }), { words, subwords, validationShare, sequenceLength, known, seed });
}

function loaded(name: string, corpus: Corpus, config: RunConfig, initial?: InitialModel): LoadedTask {
  const { model, data, training } = config;
  const inputs = corpus.vocabulary.size;
  const stride = data.stride || data.sequenceLength;
  const sizes = { batchSize: training.batchSize, timeSteps: data.sequenceLength, stride };
  const [first, ...others] = corpus.train;
  const isText = first && others.length === 0 && first.length > data.sequenceLength;
  const batcher = isText ? new StreamBatcher(first, sizes) : new DocumentBatcher(corpus.train, sizes);
  const { timeSteps, batchSize } = batcher;
  const validation = validationPart(corpus, config);
  return {
    name,
    batchSize,
    shape: { task: 'language-model', model, timeSteps, batchSize, inputs },
    text: summary(name, corpus),
    facts: facts(corpus),
    notices: [...initialNotices(corpus, initial), ...notices(corpus, batcher, config)],
    baselines: () => baselines(corpus, validation),
    create: () => create(corpus, batcher, validation, config, initial),
  };
}

function create(
  { vocabulary, validation: all }: Corpus,
  batcher: WindowBatcher,
  validation: readonly TokenSequence[],
  { model: shape, data, training, seed }: RunConfig,
  initial?: InitialModel,
): TrainingTask {
  const model = new LanguageModel({ ...shape, vocabularySize: vocabulary.size }, Generator.forPurpose(seed, 'dropout'));
  const loop = new LanguageModelTrainer(model, batcher, training);
  const network = networkTask(model, loop, { model: shape, seed });
  return {
    ...network,
    initialize() {
      network.initialize();
      if (!initial) return;
      const places = new Map(initial.tokens.map((token, id) => [token, id]));
      carryWeights(
        model.parameters,
        { stored: initial.weights, from: initial.tokens },
        { to: vocabulary.tokens, idOf: (token) => places.get(token), tokenAxis: tokenAxisOf(shape, true) },
      );
    },
    async validate(yieldNow) {
      const streams = scoredWindows(validation, {
        timeSteps: data.sequenceLength,
        maxStreams: training.batchSize,
      });
      return { loss: await scoreText(model, streams, yieldNow), n: streams.targetCount };
    },
    modelFiles: async () => ({
      ...(await savedLanguageModel.files(model, 'language-model')),
      'vocabulary.json': JSON.stringify(vocabulary),
    }),
    probed: probedLanguageModel(model, spreadWindows(all, data.sequenceLength)),
    forgetting: (context) => forgettingCost(model, all, data.sequenceLength, context),
    get probedCarried() {
      return probedLanguageModel(model, spreadWindows(all, data.sequenceLength, true));
    },
    reading: textReading(model, vocabulary),
    passage: (tokens) => vocabulary.decode(idsOf(beginningOf(validation, tokens))),
    writer: languageModelWriter(model, vocabulary),
  };
}

/** Says what the vocabulary of the model that a run begins with has to do with the text. */
function initialNotices({ vocabulary, report }: Corpus, initial: InitialModel | undefined): Text[] {
  if (!initial) return [];
  const known = new Set(initial.tokens);
  const described = describeInitial(
    initial,
    vocabulary.tokens.filter((token) => known.has(token)).length,
    vocabulary.size,
  );
  const { unknownInTraining, trainTokens } = report;
  if (initial.facts.extend || unknownInTraining === 0) return [described];
  return [
    described,
    phrase(
      'Its vocabulary is kept: {0} of the text is not in it and is read as <unk>.',
      formatPercent(unknownInTraining / trainTokens, 1),
    ),
  ];
}

function idsOf(tokens: TokenSequence): Int32Array {
  const ids = new Int32Array(tokens.length);
  tokens.copyTo(ids, 0, 0, tokens.length);
  return ids;
}

/** @throws ConfigError for windows with gaps between them */
function checkStride({ data: { stride, sequenceLength } }: RunConfig): void {
  if (stride <= sequenceLength) return;
  throw new ConfigError(
    phrase(
      'data.stride: {0} is greater than data.sequenceLength, {1}; the tokens between windows would be skipped.',
      stride,
      sequenceLength,
    ),
    { fields: ['data.stride'] },
  );
}

function validationPart({ validation }: Corpus, { data }: RunConfig): TokenSequence[] {
  return limitedDocuments(validation, data.validationLimit > 1 ? data.validationLimit : 0);
}

/** The first tokens of a text, or of the longest document. */
function beginningOf(documents: readonly TokenSequence[], tokens: number): TokenSequence {
  const longest = documents.reduce((most, text) => (text.length > most.length ? text : most));
  return longest.view(0, Math.min(tokens, longest.length));
}

/** Numbers of documents in each part; undefined for one text, or one document. */
function documentsOf({ documents, train, validation }: Corpus): { train: number; validation: number } | undefined {
  return documents && documents.length > 1 ? { train: train.length, validation: validation.length } : undefined;
}

function summary(name: string, corpus: Corpus): RunRecord['text'] {
  const { report, vocabulary } = corpus;
  const documents = documentsOf(corpus);
  const { characters, trainCharacters, validationCharacters, replaced, crlf, unknownInValidation } = report;
  const { trainTokens, validationTokens, unknownInTraining } = report;
  return {
    name,
    characters,
    trainCharacters,
    validationCharacters,
    vocabularySize: vocabulary.size,
    replaced,
    crlf,
    unknownInValidation,
    ...(documents && { documents }),
    ...(vocabulary.granularity !== 'character' && { words: { trainTokens, validationTokens, unknownInTraining } }),
  };
}

function facts(corpus: Corpus): Text[] {
  const { vocabulary, report } = corpus;
  const documents = documentsOf(corpus);
  const { trainTokens, validationTokens, unknownInTraining, unknownInValidation } = report;
  const unknown = [unknownInTraining / trainTokens, unknownInValidation / validationTokens] as const;
  return [
    phrase('vocabulary of {0}', formatCount(vocabulary.size)),
    ...(documents
      ? [
          phrase(
            '{0} documents for training, {1} for validation',
            formatCount(documents.train),
            formatCount(documents.validation),
          ),
        ]
      : []),
    PARTS[vocabulary.granularity](formatCount(trainTokens), formatCount(validationTokens)),
    ...(vocabulary.granularity !== 'character'
      ? [phrase('{0} and {1} of them are unknown (<unk>)', formatPercent(unknown[0], 1), formatPercent(unknown[1], 1))]
      : []),
  ];
}

/** Numbers of tokens of both parts by their kind. */
const PARTS: Readonly<Record<TokenKind, (train: string, validation: string) => Text>> = {
  word: (...parts) => phrase('{0} words for training, {1} for validation', ...parts),
  subword: (...parts) => phrase('{0} tokens for training, {1} for validation', ...parts),
  character: (...parts) => phrase('{0} characters for training, {1} for validation', ...parts),
};

/** Losses of models that count: of tokens and pairs of characters, or of tokens and triples of words. */
async function baselines({ vocabulary, train }: Corpus, validation: readonly TokenSequence[]): Promise<Baselines> {
  const { uniform, unigram, bigram } = await (await fitBaselines(train, vocabulary.size)).score(validation);
  if (vocabulary.granularity === 'character') return { uniform, unigram, bigram };
  return { uniform, unigram, 'trigram back-off': await (await fitTrigrams(train, vocabulary.size)).score(validation) };
}

/** Messages about changes to the text or to the user's settings. */
function notices({ report, vocabulary }: Corpus, batcher: WindowBatcher, { model, data, training }: RunConfig): Text[] {
  const messages: Text[] = [...report.notes];
  if (report.replaced > 0) {
    messages.push(
      phrase('{0} invalid {1} sequences were replaced by U+FFFD.', report.replaced, report.encoding.toUpperCase()),
    );
  }
  if (batcher.batchSize < training.batchSize) {
    messages.push(
      phrase('The text is short: the batch size is {0} instead of {1}.', batcher.batchSize, training.batchSize),
    );
  }
  if (batcher.timeSteps < data.sequenceLength) {
    messages.push(
      phrase(
        'The documents are short: a window has {0} time steps instead of {1}.',
        batcher.timeSteps,
        data.sequenceLength,
      ),
    );
  }
  if (vocabulary.granularity !== 'character' && model.embedding === 0 && vocabulary.size > LARGE_VOCABULARY) {
    messages.push(
      phrase(
        'model.embedding is 0: each word is a one-hot vector of {0} values, which is slow. Set model.embedding, for example to 100.',
        formatCount(vocabulary.size),
      ),
    );
  }
  return messages;
}
