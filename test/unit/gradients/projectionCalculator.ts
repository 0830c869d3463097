import * as tf from '@tensorflow/tfjs';
import { modelSchema } from '../../../src/config/schema.ts';
import { recurrentLayers } from '../../../src/models/recurrentLayers.ts';
import { type NamedTensor, parametersOf, readTensors, writeVariables } from '../../../src/models/weights.ts';
import type { ProjectionFixture } from '../../oracle/projectionFixture.ts';

/**
 * Outputs and gradients of the LSTM layers with a projection or without biases; parameters have the
 * names used on disk.
 */
export async function projections({
  x,
  lengths,
  weights,
  byOutput,
  units,
  ...options
}: ProjectionFixture & { readonly units: number }): Promise<{ output: NamedTensor; gradients: NamedTensor[] }> {
  const { layers, bidirectional, bias, projection } = options;
  const stack = recurrentLayers(modelSchema.parse({ cell: 'lstm', units, layers, bidirectional, bias, projection }), {
    inputs: x.shape[2],
  });
  const network = tf.sequential();
  stack.addTo(network);
  const short = (name: string) => name.split('/').slice(-2).join('/');
  const names = new Map(Object.keys(weights).map((name) => [short(name), name]));
  const parameters = parametersOf(network).map(({ name, variable }) => ({
    name: names.get(short(name)) ?? name,
    variable,
  }));
  writeVariables(
    parameters,
    Object.entries(weights).map(([name, { shape, values }]) => ({
      name,
      dtype: 'float32',
      shape,
      values: Float32Array.from(values),
    })),
  );

  let output: tf.Tensor | undefined;
  const gradients = tf.tidy(() => {
    const input = tf.tensor3d(x.values, x.shape as [number, number, number]);
    const steps = tf.tensor1d(lengths, 'int32');
    const loss = (): tf.Scalar => {
      const { h } = stack.sequence(input, stack.zeroState(input.shape[1]), { lengths: steps });
      output = tf.keep(tf.clone(h));
      return tf.sum(tf.mul(h, tf.tensor(byOutput.values, byOutput.shape)));
    };
    const { grads } = tf.variableGrads(
      loss,
      parameters.map(({ variable }) => variable),
    );
    return parameters.map(({ name, variable }) => ({ name, tensor: tf.keep(grads[variable.name]!) }));
  });
  try {
    const [read, ...others] = await readTensors([{ name: 'output', tensor: output! }, ...gradients]);
    return { output: read!, gradients: others };
  } finally {
    tf.dispose([output!, ...gradients.map(({ tensor }) => tensor)]);
    network.dispose();
  }
}
