import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { type LabeledSequence, SequenceBatcher } from '../../../src/data/labeled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../../../src/kernels/ops.ts';
import type { Pooling } from '../../../src/layers/pooling.ts';
import { TextClassifier } from '../../../src/models/textClassifier.ts';
import { readTensors } from '../../../src/models/weights.ts';
import { Generator } from '../../../src/random/generator.ts';
import { classifierGradients } from '../../../src/training/classifierGradients.ts';
import { ClassifierTrainer } from '../../../src/training/classifierTrainer.ts';
import { warmUpCosine } from '../../../scripts/sentiment/trainModel.ts';

const VOCABULARY = 8;
const DIMENSIONS = 3;
const PADDING = VOCABULARY - 1;

/** Sequences whose class is whether word 1 comes before word 2: order matters, counts do not. */
function ordered(count: number): LabeledSequence[] {
  const generator = Generator.forPurpose(1, 'sequences');
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2;
    const filler = () => 3 + Math.floor(generator.nextUniform() * 3);
    const ids = [filler(), label === 1 ? 1 : 2, ...(index % 3 > 0 ? [filler()] : []), label === 1 ? 2 : 1];
    return { ids: Int32Array.from(ids), label };
  });
}

function modelOf(pooling: Pooling = 'attention', dropout = 0): TextClassifier {
  const generator = Generator.forPurpose(2, 'weights');
  const pretrained = Float32Array.from({ length: VOCABULARY * DIMENSIONS }, () => generator.nextNormal());
  const shape = { vocabularySize: VOCABULARY, dimensions: DIMENSIONS, units: 4, pooling, classes: 2 };
  const model = new TextClassifier(shape, pretrained, {
    inputs: dropout,
    pooled: dropout,
    generator: Generator.forPurpose(3, 'masks'),
  });
  model.initialize(generator);
  return model;
}

const batcherOf = (count = 24) => new SequenceBatcher(ordered(count), { batchSize: 8, paddingId: PADDING, seed: 4 });
const options = { wordDropout: 0, adversarialNorm: 0.1, weightDecay: 0, averageDecay: 0.9 };
const clipping = { clipNorm: 1, clipValue: 0 };

describe('training a classifier', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const pooling of ['attention', 'mean', 'last'] as const) {
    it(`follows the gradient of finite differences along every parameter, with ${pooling} pooling`, async () => {
      const model = modelOf(pooling);
      const batch = batcherOf().next();
      const lossNow = (): number =>
        tf.tidy(() => {
          const ids = tf.tensor2d(batch.ids.slice(), [batch.timeSteps, batch.batch], 'int32');
          const { logits } = model.forward(ids, tf.tensor1d(batch.lengths.slice(), 'int32'));
          return tf
            .mean(softmaxCrossEntropy({ logits, targets: tf.tensor1d(batch.labels.slice(), 'int32') }))
            .dataSync()[0]!;
        });
      // Away from the start, where zero weights hide gradients.
      const generator = Generator.forPurpose(5, 'moved');
      const move = (variable: tf.Variable, by: Float32Array, step: number): void =>
        tf.tidy(() => {
          variable.assign(
            tf.add(
              variable,
              tf.tensor(
                by.map((value) => step * value),
                variable.shape,
              ),
            ),
          );
        });
      const direction = (size: number): Float32Array =>
        Float32Array.from({ length: size }, () => generator.nextNormal());
      for (const { variable } of model.parameters) move(variable, direction(variable.size), 0.3);

      const { loss, gradients } = await classifierGradients(model, batch, 0);
      assert.ok(Math.abs(loss.dataSync()[0]! - lossNow()) < 1e-6);
      for (const [index, { name, variable }] of model.parameters.entries()) {
        const along = direction(variable.size);
        const expected = gradients[index]!.dataSync<'float32'>().reduce((sum, value, k) => sum + value * along[k]!, 0);
        const step = 0.004;
        move(variable, along, step);
        const above = lossNow();
        move(variable, along, -2 * step);
        const slope = (above - lossNow()) / (2 * step);
        move(variable, along, step);
        assert.ok(
          Math.abs(slope - expected) < 2e-3 + 0.02 * Math.abs(expected),
          `${name}: ${expected}, by differences ${slope}`,
        );
      }
      tf.dispose([loss, ...gradients]);
      model.dispose();
    });
  }

  it('learns a task that depends on order', async () => {
    const model = modelOf();
    const trainer = new ClassifierTrainer(model, batcherOf(), options);
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) losses.push((await trainer.step(0.03, clipping)).loss);
    assert.ok((losses.at(-1) as number) < 0.1 && losses[0]! > 0.5, losses.join());
    trainer.dispose();
    model.dispose();
  }).timeout(60_000);

  it('continues from a checkpoint exactly, including dropout', async () => {
    const run = () => {
      const model = modelOf('attention', 0.3);
      return {
        model,
        trainer: new ClassifierTrainer(model, batcherOf(), { ...options, wordDropout: 0.3, weightDecay: 0.01 }),
      };
    };
    const steps = async ({ trainer }: ReturnType<typeof run>, count: number) => {
      for (let step = 0; step < count; step++) await trainer.step(0.01, clipping);
    };
    const whole = run();
    await steps(whole, 4);
    const [state, tensors] = [whole.trainer.state, await whole.trainer.tensors()];
    await steps(whole, 5);
    const resumed = run();
    resumed.trainer.restore(JSON.parse(JSON.stringify(state)) as typeof state, tensors);
    await steps(resumed, 5);
    assert.deepEqual(await resumed.trainer.tensors(), await whole.trainer.tensors());
    assert.deepEqual(resumed.trainer.state, whole.trainer.state);
    for (const { model, trainer } of [whole, resumed]) {
      trainer.dispose();
      model.dispose();
    }
  }).timeout(60_000);

  it('leaks no tensors', async () => {
    const before = tf.memory().numTensors;
    const model = modelOf('attention', 0.2);
    const trainer = new ClassifierTrainer(model, batcherOf(), { ...options, wordDropout: 0.2 });
    await trainer.step(0.01, clipping);
    const during = tf.memory().numTensors;
    await trainer.step(0.01, clipping);
    await trainer.withAverage(() => Promise.resolve());
    assert.equal(tf.memory().numTensors, during);
    trainer.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('uses the mean of the weights so far inside withAverage, and restores the weights afterwards', async () => {
    const model = modelOf();
    const trainer = new ClassifierTrainer(model, batcherOf(), { ...options, averageDecay: 1 });
    const weights = async () =>
      (await readTensors(model.parameters.map(({ name, variable }) => ({ name, tensor: variable })))).flatMap(
        ({ values }) => [...values],
      );
    const seen: number[][] = [];
    for (let step = 1; step <= 8; step++) {
      await trainer.step(0.01, clipping);
      if (step % 4 === 0) seen.push(await weights());
    }
    const now = await weights();
    const averages = await trainer.withAverage(weights);
    averages.forEach((value, index) => assert.ok(Math.abs(value - (seen[0]![index]! + seen[1]![index]!) / 2) < 1e-6));
    assert.deepEqual(await weights(), now);
    trainer.dispose();
    model.dispose();
  });

  it('applies weight decay independently of the gradient', async () => {
    const decayed = async (weightDecay: number) => {
      const model = modelOf();
      const trainer = new ClassifierTrainer(model, batcherOf(), { ...options, weightDecay });
      const before = model.parameters.map(({ variable }) => Float32Array.from(variable.dataSync<'float32'>()));
      await trainer.step(0.01, clipping);
      const after = model.parameters.map(({ variable }) => Float32Array.from(variable.dataSync<'float32'>()));
      trainer.dispose();
      model.dispose();
      return { before, after };
    };
    const [without, withDecay] = [await decayed(0), await decayed(0.5)];
    withDecay.after.forEach((values, index) =>
      values.forEach((value, k) => {
        const expected = without.after[index]![k]! - 0.01 * 0.5 * without.before[index]![k]!;
        assert.ok(Math.abs(value - expected) < 1e-6);
      }),
    );
  });

  it('returns the same outputs with padding and in a batch', async () => {
    const model = modelOf();
    const logitsOf = (sequences: readonly number[][], timeSteps: number): number[][] =>
      tf.tidy(() => {
        const ids = Array.from({ length: timeSteps }, (_, t) => sequences.map((sequence) => sequence[t] ?? PADDING));
        const { logits } = model.forward(
          tf.tensor2d(ids, [timeSteps, sequences.length], 'int32'),
          tf.tensor1d(
            sequences.map(({ length }) => length),
            'int32',
          ),
        );
        return logits.arraySync();
      });
    const sequences = [[1, 3, 2], [4], [5, 2, 3, 1, 1]];
    const together = logitsOf(sequences, 9);
    sequences.forEach((sequence, index) => {
      const [alone] = logitsOf([sequence], sequence.length);
      alone?.forEach((logit, k) => assert.ok(Math.abs(logit - together[index]![k]!) < 1e-6));
    });
    model.dispose();
  });
});

describe('learning rate with warm-up', () => {
  it('rises linearly to its peak, and falls to zero along half a cosine', () => {
    const at = (step: number) => warmUpCosine(step, { peak: 2, warmUp: 10, steps: 110 });
    assert.equal(at(5), 1);
    assert.equal(at(10), 2);
    assert.ok(Math.abs(at(60) - 1) < 1e-12);
    assert.ok(at(110) < 1e-12 && at(500) < 1e-12);
    for (let step = 1; step < 110; step++) assert.equal(at(step + 1) > at(step), step < 10);
  });
});
