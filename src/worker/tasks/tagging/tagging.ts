import type { RunConfig } from '../../../config/schema.ts';
import { formatCount } from '../../../format/count.ts';
import { TagCounts } from '../../../models/hmm/tagger/tagCounts.ts';
import { Lexicon } from '../../../models/hmm/tagger/lexicon.ts';
import { Tagger } from '../../../models/tagger.ts';
import type { Baselines } from '../../../protocol/events.ts';
import { Generator } from '../../../random/generator.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import { taggingLoss } from '../../../training/tagging.ts';
import { type DataFiles, fromFiles } from '../dataFiles.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { entityTypes } from '../../../data/tagged/tagScheme.ts';
import { markovTagger } from './markovTagger.ts';
import { recurrentTagger, tagWordsOf } from './recurrentTagger.ts';
import { openTagger } from './storedTagger.ts';
import { readTaggingData, type TaggingData } from './taggingData.ts';
import { phrase } from '../../../phrases/phrase.ts';

/** Tags each word of a sentence. */
export const tagging: TaskKind = {
  ...fromFiles(loaded),
  open: openTagger,
  timedLoop({ model: shape, inputs: vocabularySize, outputs = 2, timeSteps, batchSize }) {
    const model = new Tagger({ ...shape, vocabularySize, tags: outputs }, Generator.forPurpose(1, 'measured masks'));
    model.initialize(Generator.forPurpose(1, 'measure'), shape);
    const batch = {
      ids: Int32Array.from({ length: timeSteps * batchSize }, (_, place) => place % vocabularySize),
      tags: Int32Array.from({ length: timeSteps * batchSize }, (_, place) => place % outputs),
      weights: new Float32Array(timeSteps * batchSize).fill(1),
      lengths: new Int32Array(batchSize).fill(timeSteps),
      words: timeSteps * batchSize,
      timeSteps,
      batch: batchSize,
    };
    const same = { batchSize, next: () => batch, position: null, seek: () => undefined };
    return new SequenceTrainer(model, same, (each, options) => taggingLoss(model, each, options));
  },
};

async function loaded(files: DataFiles, config: RunConfig, { name }: { name: string }): Promise<LoadedTask> {
  const { task, model, training } = config;
  if (task.name !== 'tagging') throw new Error(`The task ${task.name} is not tagging.`);
  const data = await readTaggingData(files, config);
  const { train, validation, tags, scheme, notices } = data;
  const counts = model.family === 'hidden-markov';
  const words = counts ? undefined : tagWordsOf(train, task);
  const inputs = words?.vocabulary.size;
  return {
    name,
    batchSize: counts ? train.length : training.batchSize,
    shape:
      inputs === undefined
        ? null
        : {
            task: 'tagging',
            model,
            timeSteps: meanLength(data),
            batchSize: training.batchSize,
            inputs,
            outputs: tags.length,
          },
    text: null,
    facts: [
      phrase(
        '{0} sentences for training, {1} for validation',
        formatCount(train.length),
        formatCount(validation.length),
      ),
      phrase('{0} tags', tags.length),
      ...(scheme === undefined
        ? []
        : [phrase('entities in the scheme {0}, of the types {1}', scheme, entityTypes(tags).join(', '))]),
      ...(inputs === undefined
        ? []
        : [
            phrase('{0} words and classes of rare words', formatCount(inputs)),
            phrase('padded batches, masked by length'),
          ]),
    ],
    notices,
    baselines: () => Promise.resolve(baselinesOf(data)),
    create: () => ({
      ...(words ? recurrentTagger(data, words, config) : markovTagger(data)),
      passage: (tokens) => (validation[0]?.words ?? []).slice(0, tokens).join(' '),
    }),
  };
}

/** Baselines without context: a uniform guess, the frequency of each tag, and its frequency for the word. */
function baselinesOf({ train, validation, tags }: TaggingData): Baselines {
  const lexicon = new Lexicon(TagCounts.of(train).words, tags.length);
  const idOf = new Map(tags.map((tag, id) => [tag, id]));
  let [words, prior, alone] = [0, 0, 0];
  for (const sentence of validation) {
    sentence.words.forEach((word, t) => {
      const tag = idOf.get(sentence.tags[t] ?? '') ?? 0;
      words++;
      prior -= Math.log(lexicon.prior[tag] ?? 0);
      alone -= Math.log(lexicon.tagProbabilities(word)[tag] ?? 0);
    });
  }
  return { uniform: Math.log(tags.length), 'frequency of tags': prior / words, 'each word alone': alone / words };
}

/** Typical length of a sentence in a batch, used to time steps. */
function meanLength({ train }: TaggingData): number {
  return Math.max(1, Math.round(train.reduce((sum, { words }) => sum + words.length, 0) / train.length));
}
