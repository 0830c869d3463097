import type { RunConfig } from '../../../config/schema.ts';
import type { TaskConfig } from '../../../config/task.ts';
import { shuffled, splitByText } from '../../../data/labeled/split.ts';
import { InputError } from '../../../data/inputError.ts';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import { type ParallelText, readTextPairs } from '../../../data/pairs/textPairs.ts';
import { unigramLoss } from '../../../data/pairs/unigramLoss.ts';
import type { TextPair } from '../../../data/synthetic/pairTask.ts';
import { Generator } from '../../../random/generator.ts';
import { type DataFiles, dataFilesOf, dataName, keepDataFiles, storedDataFiles } from '../dataFiles.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { encodePair, type PairData, pairTraining, rehearsePairs } from './pairTraining.ts';
import { readPairTable } from './pairTable.ts';
import { openTranslator } from './storedTranslator.ts';

type PairsConfig = Extract<TaskConfig, { name: 'sequence-to-sequence' }>;

/** Texts turned into others, learned from pairs of them: translation, spelling, names of sounds. */
export const sequenceToSequence: TaskKind = {
  async load(source, config) {
    const files = dataFilesOf(source, config);
    return loaded(dataName(files), files, config, async (folder, store) => keepDataFiles(folder, files, store));
  },
  async reload(folder, record) {
    return loaded(record.name, await storedDataFiles(folder, record), record.config, async () => record.source);
  },
  open: openTranslator,
  rehearse: rehearsePairs,
};

async function loaded(
  name: string,
  files: DataFiles,
  config: RunConfig,
  keepSource: LoadedTask['keepSource'],
): Promise<LoadedTask> {
  const { task, data, model, training } = config;
  if (task.name !== 'sequence-to-sequence')
    throw new Error(`The task ${task.name} does not learn from pairs of texts.`);
  const { train: read, validation, problems } = await readParts(files, task, config);
  const vocabularyOf = (side: keyof TextPair) =>
    MarkedVocabulary.fit(
      read.map((pair) => pair[side]),
      task.tokens,
      { minCount: task.minimumCount },
    );
  const vocabularies = { source: vocabularyOf('source'), target: vocabularyOf('target') };
  const encoded = read.map((pair) => encodePair(vocabularies, pair));
  const train = encoded.filter(({ source, target }) => Math.max(source.length, target.length) <= data.sequenceLength);
  if (train.length === 0) {
    throw new InputError(
      'too-short',
      `"${name}" has no pair of at most ${data.sequenceLength} tokens on each side; raise data.sequenceLength.`,
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
      `${count(train.length)} pairs to train on, ${count(validation.length)} to validate`,
      `vocabularies of ${count(vocabularies.source.size)} and ${count(vocabularies.target.size)} ${task.tokens}s, marks among them`,
      `at most ${longest('source')} ${task.tokens}s in a source and ${longest('target')} in a target`,
    ],
    notices: [...problems, ...tooLong(encoded.length - train.length, data.sequenceLength)],
    keepSource,
    baselines: async () => ({
      unigram: unigramLoss(
        train.map(({ target }) => target),
        validation.map(({ target }) => vocabularies.target.encode(target)),
        vocabularies.target.size,
      ),
    }),
    create: () => pairTraining(task.name, pairs, config),
  };
}

/** Pairs for training and validation, and messages about the pairs that were left out. */
async function readParts(
  files: DataFiles,
  task: PairsConfig,
  { data, seed }: RunConfig,
): Promise<{ train: readonly TextPair[]; validation: readonly TextPair[]; problems: string[] }> {
  const all = files.target ? await readTextPairs(files.train, files.target) : await readPairTable(files.train, task);
  const other = files.validation && (await readPairTable(files.validation, task));
  const problems = [...leftOut(all, 'to train on'), ...(other ? leftOut(other, 'to validate') : [])];
  // At random: files are often sorted, and their first pairs alike.
  const sample = (pairs: readonly TextPair[]) =>
    shuffled(pairs, Generator.forPurpose(seed, 'validation pairs')).slice(0, task.validationPairs);
  if (other) return { train: all.pairs, validation: sample(other.pairs), problems };
  const items = all.pairs.map((pair) => ({ ...pair, text: pair.source }));
  const [train, validation] = splitByText(items, data.validationShare, Generator.forPurpose(seed, 'validation split'));
  if (train.length === 0 || validation.length === 0) {
    throw new InputError(
      'too-short',
      `"${dataName(files)}" has too few different texts to keep ${data.validationShare * 100} % of them for validation; name a file in data.validation.`,
    );
  }
  return { train, validation: sample(validation), problems };
}

function leftOut({ problems }: ParallelText, what: string): string[] {
  const [first] = problems;
  if (!first) return [];
  return [`${count(problems.length)} rows ${what} are left out; line ${first.line}: ${first.reason}.`];
}

function tooLong(pairs: number, most: number): string[] {
  return pairs === 0
    ? []
    : [`${count(pairs)} pairs are longer than ${most} tokens (data.sequenceLength) and are not trained on.`];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
