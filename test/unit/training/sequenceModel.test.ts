import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { adding } from '../../../src/data/synthetic/adding.ts';
import type { SyntheticTask } from '../../../src/data/synthetic/sequenceBatch.ts';
import { SyntheticBatches } from '../../../src/data/synthetic/syntheticBatches.ts';
import { temporalOrder } from '../../../src/data/synthetic/temporalOrder.ts';
import { savedSequenceModel } from '../../../src/models/savedModels.ts';
import { SequenceModel } from '../../../src/models/sequenceModel.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import { Generator } from '../../../src/random/generator.ts';
import { sequenceLoss } from '../../../src/training/sequenceLoss.ts';
import { scoreSequences } from '../../../src/training/sequenceScoring.ts';
import { SequenceTrainer } from '../../../src/training/sequenceTrainer.ts';
import { cellKinds } from '../../oracle/cells.ts';
import { assertAllClose, assertClose } from '../../oracle/compare.ts';
import { Matrix, oneHot } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';
import { lossAndGradients, randomSequenceModel } from '../../oracle/sequenceModel.ts';
import { matrices, stored } from '../../oracle/storedTensors.ts';
import { openInStock } from '../../harness/stockModel.ts';

const [UNITS, LAYERS, STEPS, BATCH] = [5, 2, 11, 3];
const problems: Record<string, SyntheticTask> = { 'a class': temporalOrder, 'a number': adding };

function modelFor(
  { inputs, inputKind, outputs, outputKind }: SyntheticTask,
  config: Parameters<typeof modelSchema.parse>[0],
): SequenceModel {
  return new SequenceModel({ ...modelSchema.parse(config), inputs, inputKind, outputs, outputKind });
}

describe('many-to-one models', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [answer, task] of Object.entries(problems)) {
    const batch = task.generate(STEPS, BATCH, Generator.forPurpose(3, 'test'));

    for (const [name, kind] of Object.entries(cellKinds)) {
      it(`with output ${answer} have the loss and all gradients of the oracle: ${name}`, async () => {
        const oracle = randomSequenceModel(new Random(11), kind, {
          layers: LAYERS,
          units: UNITS,
          inputs: task.inputs,
          outputs: task.outputs,
        });
        const model = modelFor(task, { ...kind, layers: LAYERS, units: UNITS });
        writeVariables(
          model.parameters,
          [...oracle.weights].map(([weight, matrix]) => stored(weight, matrix)),
        );
        const { value, grads } = tf.variableGrads(() => sequenceLoss(model, batch, {}));
        const gradients = await readTensors(
          model.parameters.map(({ name: weight, variable }) => ({
            name: weight,
            tensor: grads[variable.name]!,
          })),
        );

        const inputs = Array.from({ length: STEPS }, (_, t) => {
          const step = [
            ...batch.inputs.subarray(t * (batch.inputs.length / STEPS), (t + 1) * (batch.inputs.length / STEPS)),
          ];
          return task.inputKind === 'ids' ? oneHot(step, task.inputs) : new Matrix(BATCH, task.inputs, step);
        });
        const expected = lossAndGradients(oracle, inputs, [...batch.targets], task.outputKind);
        assertClose('loss', await value.data(), [expected.loss], 1e-5);
        assertAllClose(matrices(gradients), expected.gradients, 1e-5);
      });
    }

    it(`with output ${answer} open in plain TensorFlow.js and in this project with the same outputs`, async () => {
      const config = { units: UNITS, layers: LAYERS, cell: 'gru' } as const;
      const model = modelFor(task, config);
      model.initialize(Generator.forPurpose(1, 'weights'), modelSchema.parse(config));
      const files = await savedSequenceModel.files(model, 'test');
      const stock = await openInStock(files);
      const isClass = task.outputKind === 'class';
      const x = isClass
        ? tf.tensor2d(batch.inputs, [STEPS, BATCH], 'int32')
        : tf.tensor3d(batch.inputs, [STEPS, BATCH, task.inputs]);
      const answers = (of: SequenceModel) => {
        const outputs = of.outputsOf(of.lastHidden(x, of.zeroState(BATCH)));
        return (isClass ? tf.softmax(outputs) : outputs).dataSync();
      };
      const vectors = isClass ? tf.oneHot(x as tf.Tensor2D, task.inputs).toFloat() : x;
      const theirs = stock.predict(tf.transpose(vectors as tf.Tensor3D, [1, 0, 2])) as tf.Tensor;
      assertClose('stock', theirs.dataSync(), answers(model), 1e-6);
      assertClose('loaded', answers(savedSequenceModel.load(files)), answers(model), 0);
    });

    it(`with output ${answer} leak no tensors in training and scoring`, async () => {
      const model = modelFor(task, { units: UNITS });
      const trainer = new SequenceTrainer(
        model,
        new SyntheticBatches(task, { timeSteps: STEPS, batchSize: BATCH }, Generator.forPurpose(2, 'test')),
        (batch, options) => sequenceLoss(model, batch, options),
      );
      const step = async () => {
        await trainer.step(0.01, { clipNorm: 1, clipValue: 0.5 });
        await scoreSequences(model, [batch], () => Promise.resolve());
        return tf.memory().numTensors;
      };
      const before = await step();
      assert.equal(await step(), before);
    });
  }

  it('have the fraction of correct classes as accuracy, over batches of different sizes', async () => {
    const model = modelFor(temporalOrder, { units: UNITS });
    model.initialize(Generator.forPurpose(4, 'weights'), modelSchema.parse({}));
    const batches = [7, 2].map((size) => temporalOrder.generate(STEPS, size, Generator.forPurpose(size, 'test')));
    const { n, scores } = await scoreSequences(model, batches, () => Promise.resolve());
    const right = batches.map(({ inputs, targets, batch }) => {
      const outputs = model.outputsOf(
        model.lastHidden(tf.tensor2d(inputs, [STEPS, batch], 'int32'), model.zeroState(batch)),
      );
      return [...tf.argMax(outputs, 1).dataSync()].filter((answer, sequence) => answer === targets[sequence]).length;
    });
    assert.equal(n, 9);
    assert.equal(scores?.['accuracy'], right.reduce((sum, count) => sum + count) / 9);
  });
});
