import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { recurrentLayers } from '../../../src/models/recurrentLayers.ts';
import { parametersOf } from '../../../src/models/weights.ts';
import { assertClose } from '../../oracle/compare.ts';
import { type ProjectionFixture, projectionFixtures } from '../../oracle/projectionFixture.ts';

const UNITS = 5;

/** The layers of a fixture, with its weights, and their parameters by name. */
function built({ x, weights, ...options }: ProjectionFixture) {
  const shape = modelSchema.parse({ cell: 'lstm', units: UNITS, layers: options.layers, bidirectional: options.bidirectional, bias: options.bias, projection: options.projection });
  const stack = recurrentLayers(shape, { inputs: x.shape[2] });
  const network = tf.sequential();
  stack.addTo(network);
  const parameters = parametersOf(network);
  const names = new Map(Object.keys(weights).map((name) => [name.split('/').slice(-2).join('/'), name]));
  const byName = parameters.map(({ name, variable }) => ({ name: names.get(name.split('/').slice(-2).join('/')) ?? name, variable }));
  for (const { name, variable } of byName) {
    const stored = weights[name] ?? assert.fail(`no weight ${name} in ${Object.keys(weights).join(', ')}`);
    assert.deepEqual(variable.shape, stored.shape, name);
    tf.tidy(() => variable.assign(tf.tensor(stored.values, stored.shape)));
  }
  return { stack, network, parameters: byName };
}

for (const backend of ['reference', 'wasm'] as const) {
  describe(`LSTMs with a projection or without biases, on ${backend}`, () => {
    before(async () => {
      await backendNamed(backend).load({ home: '', tensorflowPath: '', threads: 2 });
    });

    for (const [title, fixture] of projectionFixtures()) {
      it(`${title}: give the outputs and gradients of PyTorch`, () => {
        const { stack, network, parameters } = built(fixture);
        assert.equal(parameters.length, Object.keys(fixture.weights).length, 'nothing else is trained');
        tf.tidy(() => {
          const x = tf.tensor3d(fixture.x.values, fixture.x.shape as [number, number, number]);
          const lengths = tf.tensor1d(fixture.lengths, 'int32');
          const run = () => stack.sequence(x, stack.zeroState(x.shape[1]), { lengths }).h;
          const output = run();
          assert.deepEqual(output.shape, fixture.output.shape);
          assertClose('output', output.dataSync(), fixture.output.values, 1e-5);
          const byOutput = tf.tensor(fixture.byOutput.values, fixture.byOutput.shape);
          const { grads } = tf.variableGrads(() => tf.sum(tf.mul(run(), byOutput)), parameters.map(({ variable }) => variable));
          for (const { name, variable } of parameters) {
            assertClose(`gradient of ${name}`, (grads[variable.name] as tf.Tensor).dataSync(), fixture.gradients[name]?.values ?? [], 1e-5);
          }
        });
        network.dispose();
      });
    }

    it("are shaped as PyTorch's example, nn.LSTM(10, 20, 2) on (5, 3, 10), says", () => {
      tf.tidy(() => {
        const stack = recurrentLayers(modelSchema.parse({ cell: 'lstm', units: 20, layers: 2 }), { inputs: 10 });
        stack.addTo(tf.sequential());
        const { h, states } = stack.sequence(tf.zeros([5, 3, 10]), stack.zeroState(3));
        assert.deepEqual(h.shape, [5, 3, 20]);
        assert.deepEqual(states.map((state) => ('c' in state ? [state.h.shape, state.c.shape] : [])), Array(2).fill([[3, 20], [3, 20]]));
      });
    });
  });
}
