/**
 * Cost of vanishing gradients: `node test/bench/denormals.ts` times an LSTM's backward pass over 256 steps with a large
 * gradient, and the same pass with a gradient that decreases below the smallest normal float32. WebAssembly does not
 * flush such numbers to zero.
 */
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../src/backends/registry.ts';
import { Lstm } from '../../src/layers/lstm.ts';
import { median } from '../../src/judgment/quantiles.ts';

const [STEPS, BATCH, UNITS, INPUTS] = [256, 32, 128, 65];
const SMALLEST_NORMAL = 2 ** -126;
const ROUNDS = 15;

/** Creates a layer whose gradient shrinks by a factor of about `forget` per step back. */
function layerThatKeeps(forget: number): Lstm {
  const layer = new Lstm({ name: 'lstm', units: UNITS, inputs: INPUTS });
  layer.build([null, null, INPUTS]);
  const logit = Math.log(forget / (1 - forget));
  for (const weight of layer.trainableWeights) {
    const { shape } = weight.read();
    const kind = weight.originalName.split('/').at(-1);
    const values = Float32Array.from(
      { length: shape.reduce((product: number, size) => product * (size ?? 1), 1) },
      (_, at) => {
        if (kind === 'bias') return Math.floor(at / UNITS) === 1 ? logit : 0;
        return kind === 'kernel' ? 0.1 * Math.sin(at) : 1e-4 * Math.sin(at);
      },
    );
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values, shape as number[])));
  }
  return layer;
}

/** Milliseconds of the forward and backward pass with a loss at the last step, and fraction of denormals in dL/dx. */
async function measure(layer: Lstm): Promise<{ milliseconds: number; denormal: number }> {
  const x = tf.randomNormal([STEPS, BATCH, INPUTS], 0, 1, 'float32', 1) as tf.Tensor3D;
  const gradient = () => tf.grad((inputs) => tf.sum(layer.sequence(inputs, layer.zeroState(BATCH)).state.h))(x);
  const first = gradient();
  const values = await first.data<'float32'>();
  const denormal = values.filter((value) => value !== 0 && Math.abs(value) < SMALLEST_NORMAL).length / values.length;
  first.dispose();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = performance.now();
    gradient().dispose();
    times.push(performance.now() - before);
  }
  x.dispose();
  return { milliseconds: median(times), denormal };
}

await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
const [large, vanishing, gone] = [
  await measure(layerThatKeeps(0.99)),
  await measure(layerThatKeeps(0.7)),
  await measure(layerThatKeeps(0.1)),
];
for (const [name, { milliseconds, denormal }] of Object.entries({
  'stays large': large,
  'becomes denormal': vanishing,
  'becomes zero': gone,
})) {
  console.log(
    `gradient ${name}: ${milliseconds.toFixed(1)} ms (${(milliseconds / large.milliseconds).toFixed(2)} of the first), ${(100 * denormal).toFixed(1)} % of dL/dx denormal`,
  );
}
