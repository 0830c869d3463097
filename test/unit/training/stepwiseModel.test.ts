import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { copying } from '../../../src/data/synthetic/copying.ts';
import { counting } from '../../../src/data/synthetic/counting.ts';
import type { StepwiseBatch, StepwiseTask } from '../../../src/data/synthetic/stepwiseTask.ts';
import { SyntheticBatches } from '../../../src/data/synthetic/syntheticBatches.ts';
import { savedStepwiseModel } from '../../../src/models/savedModels.ts';
import { StepwiseModel } from '../../../src/models/stepwiseModel.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import { Generator } from '../../../src/random/generator.ts';
import { probedStepwiseModel } from '../../../src/training/probedStepwiseModel.ts';
import { SequenceTrainer } from '../../../src/training/sequenceTrainer.ts';
import { scoreStepwise, stepwiseLoss } from '../../../src/training/stepwiseLoss.ts';
import { cellKinds } from '../../oracle/cells.ts';
import { assertClose } from '../../oracle/compare.ts';
import { crossEntropy } from '../../oracle/crossEntropy.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { addToRows, columns, multiply, oneHot, transpose } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';
import { hiddenStates, type OracleSequenceModel, randomSequenceModel } from '../../oracle/sequenceModel.ts';
import { matrices, stored } from '../../oracle/storedTensors.ts';
import { openInStock } from '../../harness/stockModel.ts';

const [UNITS, LAYERS, STEPS, BATCH] = [4, 2, 7, 3];

function modelFor(
  { inputSymbols, outputSymbols }: StepwiseTask,
  config: Parameters<typeof modelSchema.parse>[0],
): StepwiseModel {
  return new StepwiseModel({
    ...modelSchema.parse(config),
    inputs: inputSymbols.length,
    outputs: outputSymbols.length,
  });
}

/** The mean loss of the steps that count, in double precision, step by step. */
function oracleLoss(
  model: OracleSequenceModel,
  { inputs, targets, weights, timeSteps, batch }: StepwiseBatch,
  symbols: number,
): number {
  const steps = Array.from({ length: timeSteps }, (_, t) =>
    oneHot([...inputs.subarray(t * batch, (t + 1) * batch)], symbols),
  );
  const get = (name: string) => model.weights.get(name)!;
  let [sum, count] = [0, 0];
  hiddenStates(model, steps, batch).forEach((h, t) => {
    const logits = transpose(addToRows(multiply(h, get('dense/kernel')), get('dense/bias')));
    for (let b = 0; b < batch; b++) {
      if (weights[t * batch + b] === 0) continue;
      sum += crossEntropy([transpose(columns(logits, b, 1))], [[targets[t * batch + b]!]]).loss;
      count += 1;
    }
  });
  return sum / count;
}

describe('models with an output at each step', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));
  const batch = counting.generate(STEPS, BATCH, Generator.forPurpose(3, 'test'));

  for (const [name, kind] of Object.entries(cellKinds)) {
    it(`have the loss and finite differences of the oracle if not all steps count: ${name}`, async () => {
      const oracle = randomSequenceModel(new Random(11), kind, { layers: LAYERS, units: UNITS, inputs: 3, outputs: 2 });
      const model = modelFor(counting, { ...kind, layers: LAYERS, units: UNITS });
      writeVariables(
        model.parameters,
        [...oracle.weights].map(([weight, matrix]) => stored(weight, matrix)),
      );
      const { value, grads } = tf.variableGrads(() => stepwiseLoss(model, batch, {}));
      const gradients = matrices(
        await readTensors(
          model.parameters.map(({ name: weight, variable }) => ({
            name: weight,
            tensor: grads[variable.name]!,
          })),
        ),
      );
      const loss = () => oracleLoss(oracle, batch, 3);
      assertClose('loss', await value.data(), [loss()], 1e-5);
      for (const [weight, matrix] of oracle.weights) {
        assertClose(weight, gradients.get(weight)?.values ?? [], finiteDifferences(matrix, loss).values, 1e-4);
      }
    });
  }

  it('count correct steps and sequences over batches of different sizes', async () => {
    const model = modelFor(counting, { units: UNITS });
    model.initialize(Generator.forPurpose(4, 'weights'), modelSchema.parse({}));
    const batches = [7, 2].map((size) => counting.generate(STEPS, size, Generator.forPurpose(size, 'test')));
    const { n, scores } = await scoreStepwise(model, batches, () => Promise.resolve());
    let [steps, right, whole] = [0, 0, 0];
    for (const { inputs, targets, weights, batch: size } of batches) {
      const { h } = model.hiddenStates(tf.tensor2d(inputs, [STEPS, size], 'int32'), model.zeroState(size));
      const answers = tf.argMax(model.outputsOf(h), 1).dataSync();
      for (let b = 0; b < size; b++) {
        const places = Array.from({ length: STEPS }, (_, t) => t * size + b).filter((place) => weights[place] === 1);
        const hits = places.filter((place) => answers[place] === targets[place]).length;
        [steps, right, whole] = [steps + places.length, right + hits, whole + Number(hits === places.length)];
      }
    }
    assert.deepEqual([n, scores], [9, { accuracy: right / steps, sequenceAccuracy: whole / 9 }]);
  });

  it('are probed with a loss at each counted step, whose mean is the training loss', () => {
    const model = modelFor(counting, { units: UNITS });
    model.initialize(Generator.forPurpose(4, 'weights'), modelSchema.parse({}));
    const probed = probedStepwiseModel(model, batch);
    const losses = probed.losses([0, 1, 2], model.zeroState(3), () => undefined);
    assert.deepEqual(losses.shape, [STEPS, BATCH]);
    const counted = batch.weights.reduce((sum, weight) => sum + weight, 0);
    assertClose(
      'loss',
      [tf.sum(losses).dataSync()[0]!],
      [counted * stepwiseLoss(model, batch, {}).dataSync()[0]!],
      1e-5,
    );
  });

  it('open in plain TensorFlow.js and in this project with the same outputs', async () => {
    const config = { units: UNITS, layers: LAYERS, cell: 'gru' } as const;
    const model = modelFor(copying, config);
    model.initialize(Generator.forPurpose(1, 'weights'), modelSchema.parse(config));
    const files = await savedStepwiseModel.files(model, 'copying');
    const stock = await openInStock(files);
    const ids = tf.tensor2d(copying.generate(22, BATCH, Generator.forPurpose(5, 'test')).inputs, [22, BATCH], 'int32');
    const answers = (of: StepwiseModel) =>
      tf.softmax(of.outputsOf(of.hiddenStates(ids, of.zeroState(BATCH)).h)).dataSync();
    const theirs = stock.predict(tf.transpose(tf.oneHot(ids, 10).toFloat() as tf.Tensor3D, [1, 0, 2])) as tf.Tensor3D;
    assertClose('stock', tf.transpose(theirs, [1, 0, 2]).dataSync(), answers(model), 1e-6);
    assertClose('loaded', answers(savedStepwiseModel.load(files)), answers(model), 0);
  });

  it('leak no tensors in training and scoring', async () => {
    const model = modelFor(counting, { units: UNITS });
    const batches = new SyntheticBatches<StepwiseBatch>(
      counting,
      { timeSteps: STEPS, batchSize: BATCH },
      Generator.forPurpose(2, 'test'),
    );
    const trainer = new SequenceTrainer(model, batches, (next, options) => stepwiseLoss(model, next, options));
    const step = async () => {
      await trainer.step(0.01, { clipNorm: 1, clipValue: 0.5 });
      await scoreStepwise(model, [batch], () => Promise.resolve());
      return tf.memory().numTensors;
    };
    const before = await step();
    assert.equal(await step(), before);
  });
});
