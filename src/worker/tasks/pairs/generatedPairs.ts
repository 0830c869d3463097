import type { RunConfig } from '../../../config/schema.ts';
import { tasks } from '../../../config/tasks.ts';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import { unigramLoss } from '../../../data/pairs/unigramLoss.ts';
import type { PairTask } from '../../../data/synthetic/pairTask.ts';
import { formatCount } from '../../../format/count.ts';
import { Generator } from '../../../random/generator.ts';
import { fromGenerator } from '../generatedTask.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { encodePair, type PairData, pairTraining, timedPairTraining } from './pairTraining.ts';
import { openTranslator } from './storedTranslator.ts';
import { phrase, say } from '../../../phrases/phrase.ts';

/** Batches of new pairs in an epoch. Within an epoch, pairs of similar length share a batch. */
const EPOCH_BATCHES = 40;
/** Number of sampled pairs from which the vocabularies are built; enough to contain every character. */
const SEEN = 5000;

type GeneratedPairs = 'dates' | 'reversing';

/** A task that generates pairs of texts and processes them character by character. */
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
      name: say(tasks[name].title),
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
      facts: [
        phrase('new pairs in each training step'),
        phrase('{0} pairs for validation', formatCount(task.validationPairs)),
      ],
      notices: [],
      baselines: async () => {
        const targets = (texts: readonly { readonly target: string }[]) =>
          texts.map(({ target }) => vocabularies.target.encode(target));
        const { size } = vocabularies.target;
        return { uniform: Math.log(size), unigram: unigramLoss(targets(sample), targets(data.validation), size) };
      },
      create: () => pairTraining(name, data, config),
    };
  };

  return {
    ...fromGenerator(name, load),
    open: openTranslator,
    timedLoop: timedPairTraining,
  };
}
