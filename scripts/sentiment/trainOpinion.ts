import * as tf from '@tensorflow/tfjs';
import { type LabeledBatch, SequenceBatcher } from '../../src/data/labeled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../../src/kernels/ops.ts';
import { Dropout } from '../../src/layers/dropout.ts';
import { SequenceClassifier } from '../../src/models/sequenceClassifier.ts';
import { type NamedTensor, readTensors } from '../../src/models/weights.ts';
import { Generator } from '../../src/random/generator.ts';
import type { PackedRows } from '../../src/sentiment/packedRows.ts';
import { readWords } from '../../src/sentiment/pieces.ts';
import type { WordTable } from '../../src/sentiment/wordTable.ts';
import { Adam } from '../../src/training/optimizers.ts';
import { updateWeights } from '../../src/training/update.ts';
import type { NetworkRecipe } from './recipe.ts';
import { warmUpCosine } from './trainModel.ts';
import type { Example } from './trainingData.ts';

/** Word vectors of a trained sentiment model, which stay as they are. */
export interface FixedVectors {
  readonly table: WordTable;
  readonly difference: PackedRows;
}

/**
 * Trains the classifier that tells opinions from neutral texts. @param examplesOf returns the examples of an epoch,
 * from 0
 */
export async function trainOpinion(
  examplesOf: (epoch: number) => readonly Example[],
  { table, difference }: FixedVectors,
  recipe: NetworkRecipe,
  onEpoch: (epoch: number, loss: number) => void,
): Promise<NamedTensor[]> {
  const { seed, units, batchSize, epochs } = recipe;
  const masks = Generator.forPurpose(seed, 'masks of opinions');
  const inputDropout = new Dropout({ name: 'opinion_inputs', rate: recipe.inputDropout, generator: masks });
  const model = new SequenceClassifier(
    { inputs: table.width, units, pooling: 'attention', classes: 2 },
    { rate: recipe.pooledDropout, generator: masks },
  );
  model.initialize(Generator.forPurpose(seed, 'weights of opinions'));
  const { vocabulary } = table;
  const sequencesOf = (epoch: number) =>
    examplesOf(epoch).map(({ text, ...rest }) => ({ ids: vocabulary.encode(readWords(text)), ...rest }));
  const batcher = new SequenceBatcher(sequencesOf, { batchSize, paddingId: vocabulary.paddingId, seed });
  const optimizer = new Adam(model.parameters, recipe.weightDecay);
  const steps = epochs * batcher.batchesInEpoch;
  let sum = 0;
  for (let step = 1; step <= steps; step++) {
    const batch = withoutWords(batcher.next(), recipe.wordDropout, masks);
    const backward = tf.tidy(() => {
      const shape = [batch.timeSteps, batch.batch, table.width] as const;
      const x = inputDropout.drop(tf.tensor3d(table.embed(batch, difference), [...shape]));
      const lengths = tf.tensor1d(batch.lengths.slice(), 'int32');
      const targets = tf.tensor1d(batch.labels.slice(), 'int32');
      const loss = (): tf.Scalar =>
        tf.mean(softmaxCrossEntropy({ logits: model.forward(x, lengths, { training: true }).logits, targets }));
      const { value, grads } = tf.variableGrads(
        loss,
        model.parameters.map(({ variable }) => variable),
      );
      return { loss: value, gradients: model.parameters.map(({ variable }) => grads[variable.name]!) };
    });
    const rate = warmUpCosine(step, { peak: recipe.learningRate, warmUp: recipe.warmUp, steps });
    const clipping = { clipNorm: recipe.clipNorm, clipValue: 0 };
    sum += (await updateWeights(optimizer, model.parameters, backward, rate, clipping)).loss;
    tf.dispose([backward.loss, ...backward.gradients]);
    if (step % batcher.batchesInEpoch > 0) continue;
    onEpoch(step / batcher.batchesInEpoch, sum / batcher.batchesInEpoch);
    sum = 0;
  }
  const weights = await readTensors(model.parameters.map(({ name, variable }) => ({ name, tensor: variable })));
  optimizer.dispose();
  model.dispose();
  return weights;
}

/** Replaces words with `<unk>` at random, except in sequences that are intact. */
function withoutWords(batch: LabeledBatch, rate: number, generator: Generator): LabeledBatch {
  return {
    ...batch,
    ids: batch.ids.map((id, at) => (!batch.intact[at % batch.batch] && generator.nextUniform() < rate ? 0 : id)),
  };
}
