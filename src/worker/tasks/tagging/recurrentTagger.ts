import type { RunConfig } from '../../../config/schema.ts';
import { Epochs } from '../../../data/labeled/epochs.ts';
import type { TaggedSentence } from '../../../data/tagged/taggedText.ts';
import { tagBatch, type TaggedIds } from '../../../data/tagged/tagBatch.ts';
import { TagWords } from '../../../data/tagged/tagWords.ts';
import { countWords } from '../../../data/words/frequentWords.ts';
import { wordClasses } from '../../../models/hmm/tagger/wordClasses.ts';
import { Tagger } from '../../../models/tagger.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import { spreadItems } from '../../../probes/probed.ts';
import { Generator } from '../../../random/generator.ts';
import { probedTagger } from '../../../training/probedTagger.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import { tagProbabilities, taggingLoss } from '../../../training/tagging.ts';
import type { YieldNow, TrainingTask } from '../../../training/trainingTask.ts';
import { networkTask } from '../networkTask.ts';
import { taggerFiles } from './savedTagger.ts';
import type { TaggingConfig, TaggingData } from './taggingData.ts';
import { taggingReport } from './taggingReport.ts';
import { type TaggedAnswer, type TaggingScores, taggingScores } from './taggingScores.ts';

/** Number of sentences that are scored together. */
const SCORED = 64;

/** The vocabulary of a recurrent tagger for this data. */
export function tagWordsOf(sentences: readonly TaggedSentence[], limits: TaggingConfig): TagWords {
  return TagWords.of(countWords(sentences.map(({ words }) => words)), wordClasses, limits);
}

/** A recurrent tagger, and its training. */
export function recurrentTagger(data: TaggingData, words: TagWords, config: RunConfig): TrainingTask {
  const { model: shape, training, seed } = config;
  const { vocabulary } = words;
  const tags = new Map(data.tags.map((tag, id) => [tag, id]));
  const model = new Tagger(
    { ...shape, vocabularySize: vocabulary.size, tags: data.tags.length },
    Generator.forPurpose(seed, 'dropout'),
  );
  const sentences = data.train.map((sentence) => idsOf(sentence, words, tags));
  const epochs = new Epochs(sentences, { batchSize: training.batchSize, seed, lengthOf: ({ ids }) => ids.length });
  const loop = new SequenceTrainer(
    model,
    epochs,
    (batch, options) => taggingLoss(model, tagBatch(batch, vocabulary.paddingId), options),
    training,
  );
  let shown: { answers: readonly TaggedAnswer[]; scores: TaggingScores } | undefined;
  return {
    ...networkTask(model, loop, { model: shape, seed }),
    async validate(yieldNow) {
      const answers = await tagAll(
        model,
        words,
        data.tags,
        data.validation.map((sentence) => sentence.words),
        yieldNow,
      );
      const scores = taggingScores(data.validation, answers, data.tags, data.scheme);
      shown = { answers, scores };
      return { loss: scores.lossNats, n: scores.sentences, scores: validationScores(scores) };
    },
    report: () => Promise.resolve(shown ? taggingReport(data.validation, shown.answers, shown.scores, data.tags) : []),
    modelFiles: () => taggerFiles(model, vocabulary, data.tags),
    probed: probedTagger(
      model,
      spreadItems(data.validation).map((sentence) => idsOf(sentence, words, tags)),
      vocabulary.paddingId,
    ),
  };
}

/** The measures of a validation, from 0 to 1. */
export function validationScores({
  accuracy,
  sentenceAccuracy,
  macroF1,
  entity,
}: TaggingScores): Record<string, number> {
  return { accuracy, sentenceAccuracy, macroF1, ...(entity && { entityF1: entity.f1 }) };
}

/** Tags sentences, many at once. */
export async function tagAll(
  model: Tagger,
  words: TagWords,
  tags: readonly string[],
  sentences: readonly (readonly string[])[],
  yieldNow: YieldNow = () => yieldToEventLoop(),
): Promise<TaggedAnswer[]> {
  const answers: TaggedAnswer[] = [];
  const width = tags.length;
  for (let start = 0; start < sentences.length; start += SCORED) {
    const part = sentences.slice(start, start + SCORED);
    const batch = tagBatch(
      part.map((sentence) => ({ ids: words.encode(sentence), tags: new Int32Array(sentence.length) })),
      words.vocabulary.paddingId,
    );
    const probabilities = await tagProbabilities(model, batch);
    part.forEach((sentence, b) => {
      const own = new Float32Array(sentence.length * width);
      sentence.forEach((_, t) =>
        own.set(probabilities.subarray((t * batch.batch + b) * width, (t * batch.batch + b + 1) * width), t * width),
      );
      answers.push({
        probabilities: own,
        tags: sentence.map((_, t) => tags[likeliestOf(own.subarray(t * width, (t + 1) * width))] ?? ''),
      });
    });
    await yieldNow();
  }
  return answers;
}

function likeliestOf(row: Float32Array): number {
  return row.indexOf(row.reduce((most, value) => Math.max(most, value), -Infinity));
}

function idsOf(
  { words: forms, tags: names }: TaggedSentence,
  words: TagWords,
  tags: ReadonlyMap<string, number>,
): TaggedIds {
  return { ids: words.encode(forms), tags: Int32Array.from(names, (name) => tags.get(name) ?? 0) };
}
