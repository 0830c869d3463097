import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { readTensors } from '../../../src/models/weights.ts';
import { createOptimizer } from '../../../src/training/optimizers.ts';
import { assertClose } from '../../oracle/compare.ts';
import { type OptimizerFixture, optimizerFixtures } from '../../oracle/optimizerFixture.ts';

function started({ optimizer, options, weights }: OptimizerFixture) {
  const variable = tf.tidy(() => tf.variable(tf.tensor2d(weights)));
  const choice = { optimizer, momentum: options.momentum, weightDecay: options.weight_decay };
  return { variable, learner: createOptimizer(choice, [{ name: 'weights', variable }]) };
}

for (const name of ['reference', 'wasm'] as const) {
  describe(`optimizers, on ${name}`, () => {
    before(async () => {
      await backendNamed(name).load({ home: '', tensorflowPath: '', threads: 1 });
    });

    for (const [title, fixture] of optimizerFixtures()) {
      it(`${title}: step as PyTorch's do, clipped or not`, async () => {
        for (const scale of [1, 0.25]) {
          const { variable, learner } = started(fixture);
          for (const [step, gradient] of fixture.gradients.entries()) {
            // A gradient four times as long, clipped to a quarter, is the same gradient.
            const given = tf.tensor2d(gradient.map((row) => row.map((value) => value / scale)));
            learner.apply([given], fixture.options.lr, scale);
            given.dispose();
            assertClose(
              `after step ${step + 1}`,
              await variable.data<'float32'>(),
              fixture.after[step]?.flat() ?? [],
              1e-6,
            );
          }
          learner.dispose();
          variable.dispose();
        }
      });

      it(`${title}: continue from a stored state, and leak no tensors`, async () => {
        const tensors = tf.memory().numTensors;
        const runs = fixture.gradients.map((gradient) => tf.tensor2d(gradient));
        const whole = started(fixture);
        const half = started(fixture);
        for (const gradient of runs) whole.learner.apply([gradient], fixture.options.lr, 1);
        for (const gradient of runs.slice(0, 3)) half.learner.apply([gradient], fixture.options.lr, 1);
        const stored = await readTensors(
          [...half.learner.variables, { name: 'weights', variable: half.variable }].map((each) => ({
            name: each.name,
            tensor: each.variable,
          })),
        );
        const next = started(fixture);
        next.learner.iterations = half.learner.iterations;
        for (const { name: of, variable } of [
          ...next.learner.variables,
          { name: 'weights', variable: next.variable },
        ]) {
          const { values = new Float32Array(0), shape = [] } = stored.find((each) => each.name === of) ?? {};
          tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
        }
        for (const gradient of runs.slice(3)) next.learner.apply([gradient], fixture.options.lr, 1);
        assert.deepEqual(await next.variable.data(), await whole.variable.data());
        for (const { learner, variable } of [whole, half, next]) {
          learner.dispose();
          variable.dispose();
        }
        tf.dispose(runs);
        assert.equal(tf.memory().numTensors, tensors);
      });
    }
  });
}
