import { SequenceBatcher } from '../../src/data/labeled/sequenceBatcher.ts';
import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { TextClassifier } from '../../src/models/textClassifier.ts';
import { Generator } from '../../src/random/generator.ts';
import { ClassifierTrainer } from '../../src/training/classifierTrainer.ts';
import { type LearnedTensors, learnedTensors } from '../../src/sentiment/pack.ts';
import type { Recipe } from './recipe.ts';
import type { Example } from './trainingData.ts';
import type { PretrainedVocabulary } from './vocabulary.ts';
import { DIMENSIONS } from './wordVectors.ts';

/** Trains a classifier by a recipe. @param examplesOf returns the examples of an epoch, from 0 */
export async function trainModel(
  examplesOf: (epoch: number) => readonly Example[],
  { training, pretrained }: PretrainedVocabulary,
  recipe: Recipe,
  seed: number,
  onEpoch: (epoch: number, loss: number) => void,
): Promise<LearnedTensors> {
  const generator = (purpose: string) => Generator.forPurpose(seed, purpose);
  const model = new TextClassifier({ ...shapeOf(recipe), vocabularySize: training.size, classes: 2 }, pretrained, {
    inputs: recipe.inputDropout,
    pooled: recipe.pooledDropout,
    generator: generator('masks'),
  });
  model.initialize(generator('weights'));
  const sequencesOf = (epoch: number) =>
    examplesOf(epoch).map(({ text, ...rest }) => ({ ids: training.encode(tokenizeWords(text)), ...rest }));
  const batcher = new SequenceBatcher(sequencesOf, {
    batchSize: recipe.batchSize,
    paddingId: training.paddingId,
    seed,
  });
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
  const learned = await trainer.withAverage(() => learnedTensors(model));
  trainer.dispose();
  model.dispose();
  return learned;
}

/** Shape of the classifier of a recipe. */
export function shapeOf({ units }: Recipe): { dimensions: number; units: number; pooling: 'attention' } {
  return { dimensions: DIMENSIONS, units, pooling: 'attention' };
}

/**
 * Learning rate with a linear warm-up to its peak and a half-cosine decay to zero (Loshchilov and Hutter 2017, eq. 5).
 * @param step 1 for the first step
 */
export function warmUpCosine(
  step: number,
  { peak, warmUp, steps }: { peak: number; warmUp: number; steps: number },
): number {
  if (step <= warmUp) return (peak * step) / warmUp;
  const share = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  return (peak / 2) * (1 + Math.cos(Math.PI * share));
}
