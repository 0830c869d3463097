import { SequenceBatcher } from '../../src/data/labelled/sequenceBatcher.ts';
import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { TextClassifier } from '../../src/models/textClassifier.ts';
import { Generator } from '../../src/random/generator.ts';
import { ClassifierTrainer } from '../../src/training/classifierTrainer.ts';
import { warmUpCosine } from '../../src/training/schedule.ts';
import { packClassifier } from '../../src/sentiment/pack.ts';
import { SentimentModel } from '../../src/sentiment/sentimentModel.ts';
import type { Recipe } from './recipe.ts';
import type { Example } from './trainingData.ts';
import type { PretrainedVocabulary } from './vocabulary.ts';
import { DIMENSIONS } from './wordVectors.ts';

/**
 * Trains a model by a recipe and packs it; uncalibrated.
 * @param examplesOf what an epoch, from 0, learns from
 */
export async function trainModel(
  examplesOf: (epoch: number) => readonly Example[],
  vocabulary: PretrainedVocabulary,
  recipe: Recipe,
  onEpoch: (epoch: number, loss: number) => void,
): Promise<SentimentModel> {
  const { training, pretrained, others } = vocabulary;
  const generator = (purpose: string) => Generator.forPurpose(recipe.seed, purpose);
  const model = new TextClassifier(
    { vocabularySize: training.size, dimensions: DIMENSIONS, units: recipe.units, pooling: 'attention', classes: 2 },
    pretrained,
    { inputs: recipe.inputDropout, pooled: recipe.pooledDropout, generator: generator('masks') },
  );
  model.initialize(generator('weights'));
  const sequencesOf = (epoch: number) => examplesOf(epoch).map(({ text, ...rest }) => ({ ids: training.encode(tokenizeWords(text)), ...rest }));
  const batcher = new SequenceBatcher(sequencesOf, { batchSize: recipe.batchSize, paddingId: training.paddingId, seed: recipe.seed });
  const trainer = new ClassifierTrainer(model, batcher, recipe);
  const stepsPerEpoch = batcher.batchesInEpoch;
  const steps = recipe.epochs * stepsPerEpoch;
  let sum = 0;
  for (let step = 1; step <= steps; step++) {
    const rate = warmUpCosine(step, { peak: recipe.learningRate, warmUp: recipe.warmUp, steps });
    sum += (await trainer.step(rate, { clipNorm: recipe.clipNorm, clipValue: 0 })).loss;
    if (step % stepsPerEpoch > 0) continue;
    onEpoch(step / stepsPerEpoch, sum / stepsPerEpoch);
    sum = 0;
  }
  const context = { labels: ['negative', 'positive'], temperature: { base: 0, perLogWord: 0 }, vocabulary: training, pretrained, others };
  const parts = await trainer.withAverage(() => packClassifier(model, context));
  trainer.dispose();
  model.dispose();
  return new SentimentModel(parts);
}
