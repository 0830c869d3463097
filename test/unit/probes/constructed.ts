import * as tf from '@tensorflow/tfjs';
import { Gru } from '../../../src/layers/gru.ts';
import { orthogonalRows } from '../../../src/layers/initializers.ts';
import { Lstm } from '../../../src/layers/lstm.ts';
import { SimpleRnn } from '../../../src/layers/simpleRnn.ts';
import type { RnnActivation } from '../../../src/kernels/contract.ts';
import type { Probed } from '../../../src/probes/probed.ts';
import { Generator } from '../../../src/random/generator.ts';
import { probedLayers } from './probedLayers.ts';

export const [STEPS, BATCH, UNITS, INPUTS] = [40, 4, 32, 16];

export interface Construction {
  readonly cell: 'lstm' | 'gru' | 'rnn';
  readonly activation?: RnnActivation;
  readonly goBackwards?: boolean;
  readonly resetAfter?: boolean;
  readonly forgetBias?: number;
  /** The recurrent kernel of an rnn is this many times an orthogonal matrix, in place of uniform numbers. */
  readonly orthogonal?: number;
  /** Inputs are drawn from a normal distribution of this standard deviation. */
  readonly inputs?: number;
  /** The same for the targets. */
  readonly targets?: number;
  readonly steps?: number;
  readonly batch?: number;
}

/**
 * A layer with the initial weights of PyTorch, uniform in +-1/sqrt(units) and without biases, on random inputs and
 * targets.
 */
export function constructed(
  {
    cell,
    activation = 'tanh',
    goBackwards = false,
    resetAfter = false,
    forgetBias = 0,
    orthogonal,
    inputs = 1,
    targets = 1,
    steps = STEPS,
    batch = BATCH,
  }: Construction,
  lossAt?: Probed['lossAt'],
): Probed {
  const generator = Generator.forPurpose(5, 'constructed');
  const normal = (width: number, deviation: number): tf.Tensor3D =>
    tf.tensor3d(
      Float32Array.from({ length: steps * batch * width }, () => deviation * generator.nextNormal()),
      [steps, batch, width],
    );
  const options = { name: 'layer', units: UNITS, inputs: INPUTS, goBackwards };
  const layer = {
    lstm: () => new Lstm(options),
    gru: () => new Gru({ ...options, resetAfter }),
    rnn: () => new SimpleRnn({ ...options, activation }),
  }[cell]();
  const probed = probedLayers(
    {
      layers: [layer],
      x: normal(INPUTS, inputs),
      targets: normal(UNITS, targets),
      lengths: new Array<number>(batch).fill(steps),
    },
    lossAt,
  );
  const limit = 1 / Math.sqrt(UNITS);
  for (const { name, variable } of probed.parameters) {
    let values = Float32Array.from({ length: variable.size }, () => (2 * generator.nextUniform() - 1) * limit);
    if (name.endsWith('recurrent_kernel') && orthogonal !== undefined)
      values = orthogonalRows(UNITS, UNITS, generator).map((value) => orthogonal * value);
    if (name.endsWith('bias'))
      values = new Float32Array(variable.size).fill(cell === 'lstm' ? forgetBias : 0, UNITS, 2 * UNITS);
    variable.assign(tf.tensor(values, variable.shape));
  }
  return probed;
}
