import type { RunConfig } from '../../../config/schema.ts';
import { tasks } from '../../../config/tasks.ts';
import { InputError } from '../../../data/inputError.ts';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import { unigramLoss } from '../../../data/pairs/unigramLoss.ts';
import type { PairTask } from '../../../data/synthetic/pairTask.ts';
import { Generator } from '../../../random/generator.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { encodePair, type PairData, pairTraining, rehearsePairs } from './pairTraining.ts';
import { openTranslator } from './storedTranslator.ts';

/** Batches of new pairs that make an epoch, within which pairs of about the same length share a batch. */
const EPOCH_BATCHES = 40;
/** Pairs that show every character there is. */
const SEEN = 5000;

type GeneratedPairs = 'dates' | 'reversing';

/** A task whose pairs of texts are generated, and read and written character by character. */
export function generatedPairs(name: GeneratedPairs, taskOf: (config: RunConfig['task']) => PairTask): TaskKind {
  const load = (config: RunConfig): LoadedTask => {
    const { task, training, model, seed } = config;
    if (task.name !== name) throw new Error(`The task ${task.name} is not ${name}.`);
    const pairs = taskOf(task);
    const sample = pairs.generate(SEEN, Generator.forPurpose(seed, 'characters'));
    const vocabularies = {
      source: MarkedVocabulary.fit(
        sample.map(({ source }) => source),
        'character',
      ),
      target: MarkedVocabulary.fit(
        sample.map(({ target }) => target),
        'character',
      ),
    };
    const data: PairData = {
      ...vocabularies,
      train: (epoch) =>
        pairs
          .generate(EPOCH_BATCHES * training.batchSize, Generator.forPurpose(seed, `pairs ${epoch}`))
          .map((pair) => encodePair(vocabularies, pair)),
      validation: pairs.generate(task.validationPairs, Generator.forPurpose(seed, 'validation pairs')),
      maxLength: sample.reduce((longest, { target }) => Math.max(longest, target.length), 1),
    };
    const meanSteps = Math.round(sample.reduce((sum, { source }) => sum + source.length, 0) / sample.length);
    return {
      name: tasks[name].title,
      batchSize: training.batchSize,
      shape: {
        task: name,
        model,
        timeSteps: meanSteps,
        batchSize: training.batchSize,
        inputs: vocabularies.source.size,
        outputs: vocabularies.target.size,
      },
      text: null,
      facts: ['new pairs in every step of training', `${task.validationPairs.toLocaleString('en')} others to validate`],
      notices: [],
      keepSource: async () => null,
      baselines: async () => {
        const targets = (texts: readonly { readonly target: string }[]) =>
          texts.map(({ target }) => vocabularies.target.encode(target));
        return { unigram: unigramLoss(targets(sample), targets(data.validation), vocabularies.target.size) };
      },
      create: () => pairTraining(name, data, config),
    };
  };

  return {
    async load(source, config) {
      if (source.kind !== 'generated') {
        throw new InputError('not-a-file', `The task ${name} generates what it trains on; leave the file out.`);
      }
      return load(config);
    },
    reload: async (_folder, { config }) => load(config),
    open: openTranslator,
    rehearse: rehearsePairs,
  };
}
