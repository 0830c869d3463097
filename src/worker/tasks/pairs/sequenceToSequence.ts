import type { RunConfig } from '../../../config/schema.ts';
import type { TaskConfig } from '../../../config/task.ts';
import { shuffled, splitByText } from '../../../data/labeled/split.ts';
import { InputError } from '../../../data/inputError.ts';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import { type ParallelText, readTextPairs } from '../../../data/pairs/textPairs.ts';
import { unigramLoss } from '../../../data/pairs/unigramLoss.ts';
import type { TextPair } from '../../../data/synthetic/pairTask.ts';
import { formatCount } from '../../../format/count.ts';
import { Generator } from '../../../random/generator.ts';
import { type DataFiles, fromFiles } from '../dataFiles.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { encodePair, type PairData, pairTraining, timedPairTraining } from './pairTraining.ts';
import { readPairTable } from './pairTable.ts';
import { openTranslator, resumedVocabularies } from './storedTranslator.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

type PairsConfig = Extract<TaskConfig, { name: 'sequence-to-sequence' }>;

/** Converts texts, learned from pairs of texts: translation, spelling, pronunciation. */
export const sequenceToSequence: TaskKind = {
  ...fromFiles(loaded),
  open: openTranslator,
  timedLoop: timedPairTraining,
};

async function loaded(
  files: DataFiles,
  config: RunConfig,
  { name, folder }: { name: string; folder?: string },
): Promise<LoadedTask> {
  const { task, data, model, training } = config;
  if (task.name !== 'sequence-to-sequence')
    throw new Error(`The task ${task.name} does not learn from pairs of texts.`);
  const { train: read, validation, problems } = await readParts(files, task, config, name);
  const vocabularyOf = (side: keyof TextPair) =>
    MarkedVocabulary.fit(
      read.map((pair) => pair[side]),
      task.tokens,
      { minCount: task.minimumCount },
    );
  // A run of an earlier version may have split words differently, and its model has the size of its vocabularies.
  const stored = folder === undefined ? undefined : await resumedVocabularies(folder);
  const vocabularies = stored ?? { source: vocabularyOf('source'), target: vocabularyOf('target') };
  const encoded = read.map((pair) => encodePair(vocabularies, pair));
  const train = encoded.filter(({ source, target }) => Math.max(source.length, target.length) <= data.sequenceLength);
  if (train.length === 0) {
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has no pair of at most {1} tokens on each side; raise data.sequenceLength.',
        name,
        data.sequenceLength,
      ),
    );
  }
  const longest = (side: 'source' | 'target') => train.reduce((most, pair) => Math.max(most, pair[side].length), 1);
  const pairs: PairData = { ...vocabularies, train, validation, maxLength: longest('target') };
  const meanSteps = Math.round(train.reduce((sum, { source }) => sum + source.length, 0) / train.length);
  const batchSize = Math.min(training.batchSize, train.length);
  return {
    name,
    batchSize,
    shape: {
      task: task.name,
      model,
      timeSteps: Math.max(1, meanSteps),
      batchSize,
      inputs: vocabularies.source.size,
      outputs: vocabularies.target.size,
    },
    text: null,
    facts: [
      phrase('{0} pairs for training, {1} for validation', formatCount(train.length), formatCount(validation.length)),
      phrase(
        task.tokens === 'word'
          ? 'vocabularies of {0} and {1} words, including marks'
          : 'vocabularies of {0} and {1} characters, including marks',
        formatCount(vocabularies.source.size),
        formatCount(vocabularies.target.size),
      ),
      phrase('at most {0} tokens in a source and {1} in a target', longest('source'), longest('target')),
    ],
    notices: [...problems, ...describeTooLong(encoded.length - train.length, data.sequenceLength)],
    baselines: async () => ({
      uniform: Math.log(vocabularies.target.size),
      unigram: unigramLoss(
        train.map(({ target }) => target),
        validation.map(({ target }) => vocabularies.target.encode(target)),
        vocabularies.target.size,
      ),
    }),
    create: () => pairTraining(task.name, pairs, config),
  };
}

/** Pairs for training and validation, and messages about the rows that were skipped. */
async function readParts(
  files: DataFiles,
  task: PairsConfig,
  { data, seed }: RunConfig,
  name: string,
): Promise<{ train: readonly TextPair[]; validation: readonly TextPair[]; problems: Text[] }> {
  const all = files.target ? await readTextPairs(files.train, files.target) : await readPairTable(files.train, task);
  const other = files.validation && (await readPairTable(files.validation, task));
  const problems = [
    ...all.notes,
    ...(other?.notes ?? []),
    ...describeSkipped(all, 'training'),
    ...(other ? describeSkipped(other, 'validation') : []),
  ];
  // A random sample, because files are often sorted and their first pairs are similar.
  const sample = (pairs: readonly TextPair[]) =>
    shuffled(pairs, Generator.forPurpose(seed, 'validation pairs')).slice(0, task.validationPairs);
  if (other) return { train: all.pairs, validation: sample(other.pairs), problems };
  const items = all.pairs.map((pair) => ({ ...pair, text: pair.source }));
  const [train, validation] = splitByText(items, data.validationShare, Generator.forPurpose(seed, 'validation split'));
  if (train.length === 0 || validation.length === 0) {
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has too few distinct texts to hold out {1} % for validation. Set data.validation to a file.',
        name,
        data.validationShare * 100,
      ),
    );
  }
  return { train, validation: sample(validation), problems };
}

function describeSkipped({ problems }: ParallelText, part: 'training' | 'validation'): Text[] {
  const [first] = problems;
  if (!first) return [];
  return [
    phrase(
      part === 'training'
        ? 'Skipped rows of the training data: {0}. The first is line {1}: {2}.'
        : 'Skipped rows of the validation data: {0}. The first is line {1}: {2}.',
      formatCount(problems.length),
      first.line,
      first.reason,
    ),
  ];
}

function describeTooLong(pairs: number, limit: number): Text[] {
  return pairs === 0
    ? []
    : [
        phrase(
          '{0} training pairs are longer than {1} tokens (data.sequenceLength) and were skipped.',
          formatCount(pairs),
          limit,
        ),
      ];
}
