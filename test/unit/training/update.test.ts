import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { Parameter } from '../../../src/models/weights.ts';
import { createOptimizer } from '../../../src/training/optimizers.ts';
import { type Clipping, DivergenceError, type Update, updateWeights } from '../../../src/training/update.ts';
import { assertClose } from '../../oracle/compare.ts';

/** Two parameters with gradients of norm 3 and 4: a global norm of 5. */
const WEIGHTS = [
  [1, 2, 3],
  [-1, -2],
];
const GRADIENTS = [
  [1, -2, 2],
  [0, -4],
];

/** One step of plain SGD at a learning rate of 0.1: w = w - 0.1 g, so that the applied gradient can be computed from the weights. */
async function step(clipping: Clipping, gradients: readonly number[][] = GRADIENTS, loss = 0.5) {
  const parameters: Parameter[] = WEIGHTS.map((values, index) => ({
    name: `layer_${index}/kernel`,
    variable: tf.tidy(() => tf.variable(tf.tensor1d(values))),
  }));
  const optimizer = createOptimizer({ optimizer: 'sgd' }, parameters);
  const backward = { loss: tf.scalar(loss), gradients: gradients.map((values) => tf.tensor1d(values)) };
  const tensors = tf.memory().numTensors;
  try {
    let update: Update | undefined;
    let error: unknown;
    try {
      update = await updateWeights(optimizer, parameters, backward, 0.1, clipping);
    } catch (caught) {
      error = caught;
    }
    assert.equal(tf.memory().numTensors, tensors, 'no tensors are leaked');
    const weights = parameters.map(({ variable }) => [...variable.dataSync<'float32'>()]);
    return { update, error, weights, iterations: optimizer.iterations };
  } finally {
    tf.dispose([backward.loss, ...backward.gradients]);
    for (const { variable } of parameters) variable.dispose();
    optimizer.dispose();
  }
}

/** Checks the weights after a step against w - 0.1 g, with the gradient g that should have been applied. */
function assertApplied(weights: readonly number[][], applied: readonly number[][]): void {
  const expected = WEIGHTS.map((values, index) => values.map((value, k) => value - 0.1 * applied[index]![k]!));
  assertClose('weights', weights.flat(), expected.flat(), 1e-6);
}

describe('updateWeights', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('applies the unchanged gradient without clipping, and reports its global norm', async () => {
    const { update, weights, iterations } = await step({ clipNorm: 0, clipValue: 0 });
    assert.deepEqual(update, { loss: 0.5, gradientNorm: 5, clippedGradientNorm: 5 });
    assertApplied(weights, GRADIENTS);
    assert.equal(iterations, 1);
  });

  it('does not change a gradient whose norm is exactly the limit', async () => {
    const { update, weights } = await step({ clipNorm: 5, clipValue: 0 });
    assert.deepEqual(update, { loss: 0.5, gradientNorm: 5, clippedGradientNorm: 5 });
    assertApplied(weights, GRADIENTS);
  });

  it('clips by the norm of all gradients together: every value is scaled by one factor', async () => {
    const { update, weights } = await step({ clipNorm: 2.5, clipValue: 0 });
    assert.deepEqual(update, { loss: 0.5, gradientNorm: 5, clippedGradientNorm: 2.5 });
    assertApplied(weights, [
      [0.5, -1, 1],
      [0, -2],
    ]);
  });

  it('clips values at both ends, and reports the norm before and after', async () => {
    const { update, weights } = await step({ clipNorm: 0, clipValue: 1.5 });
    assert.deepEqual([update?.loss, update?.gradientNorm], [0.5, 5]);
    // The root of 1 + 3 * 1.5 ** 2.
    assert.ok(Math.abs((update?.clippedGradientNorm ?? NaN) - 2.783882181415) < 1e-6);
    assertApplied(weights, [
      [1, -1.5, 1.5],
      [0, -1.5],
    ]);
  });

  it('clips values first and the norm of the result second', async () => {
    const { update, weights } = await step({ clipNorm: 1, clipValue: 1.5 });
    assert.ok(Math.abs((update?.clippedGradientNorm ?? NaN) - 1) < 1e-6);
    const scale = 1 / 2.783882181415;
    assertApplied(weights, [
      [scale, -1.5 * scale, 1.5 * scale],
      [0, -1.5 * scale],
    ]);
  });

  const diverging: [
    title: string,
    gradients: readonly number[][],
    loss: number,
    parameter: string | null,
    value: number,
  ][] = [
    ['a loss that is NaN', GRADIENTS, NaN, null, NaN],
    ['an infinite loss', GRADIENTS, Infinity, null, Infinity],
    [
      'a NaN in a gradient',
      [
        [1, -2, 2],
        [NaN, 1],
      ],
      0.5,
      'layer_1/kernel',
      NaN,
    ],
    [
      'an infinite gradient',
      [
        [1, -Infinity, 2],
        [0, 1],
      ],
      0.5,
      'layer_0/kernel',
      Infinity,
    ],
  ];
  for (const [title, gradients, loss, parameter, value] of diverging) {
    for (const clipping of [
      { clipNorm: 1, clipValue: 0 },
      { clipNorm: 1, clipValue: 1 },
    ]) {
      it(`rejects ${title} and keeps the weights (clipValue ${clipping.clipValue})`, async () => {
        const { error, weights, iterations } = await step(clipping, gradients, loss);
        assert.ok(error instanceof DivergenceError);
        assert.deepEqual([error.parameter, error.value], [parameter, value]);
        assert.equal(error.part, parameter === null ? 'forward' : 'backward');
        assert.deepEqual(weights, WEIGHTS);
        assert.equal(iterations, 0);
      });
    }
  }

  it('names the weights that the update before made infinite, rather than the loss', async () => {
    const parameters: Parameter[] = [[1], [3e38]].map((values, index) => ({
      name: `layer_${index}/kernel`,
      variable: tf.tidy(() => tf.variable(tf.tensor1d(values))),
    }));
    const optimizer = createOptimizer({ optimizer: 'sgd' }, parameters);
    const gradients = [tf.tensor1d([1]), tf.tensor1d([-3e38])];
    const [finite, infinite] = [tf.scalar(0.5), tf.scalar(Infinity)];
    const off = { clipNorm: 0, clipValue: 0 };
    await updateWeights(optimizer, parameters, { loss: finite, gradients }, 1, off);
    await assert.rejects(
      updateWeights(optimizer, parameters, { loss: infinite, gradients }, 1, off),
      (error: unknown) =>
        error instanceof DivergenceError && error.part === 'update' && error.parameter === 'layer_1/kernel',
    );
    tf.dispose([finite, infinite, ...gradients, ...parameters.map(({ variable }) => variable)]);
    optimizer.dispose();
  });
});
