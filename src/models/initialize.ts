import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '../config/schema.ts';
import { glorotUniform, normal, orthogonalRows, repeatedIdentity, uniform } from '../layers/initializers.ts';
import type { Generator } from '../random/generator.ts';
import type { Parameter } from './weights.ts';

/** How initial weights are drawn, in the words of the configuration. */
export type Initialization = Pick<
  ModelConfig,
  'kernelInitializer' | 'recurrentInitializer' | 'recurrentGain' | 'standardDeviation' | 'forgetBias'
>;

/** Half the width of the uniform distribution of embeddings, as in Keras. */
const EMBEDDING_LIMIT = 0.05;

/**
 * Draws the initial weights of a model, in the order of its parameters. What a parameter is shows in its name; biases
 * stay zero but for the forget gates' of LSTM layers.
 */
export function initializeWeights(
  parameters: readonly Parameter[],
  generator: Generator,
  initialization: Initialization,
): void {
  const { kernelInitializer, recurrentInitializer, recurrentGain, standardDeviation, forgetBias } = initialization;
  for (const { name, variable } of parameters) {
    const [rows, columns = 0] = variable.shape as [number, number?];
    const draw = (kind: Initializer): Float32Array => initializers[kind](rows, columns, generator, standardDeviation);
    const [layer = '', kind] = name.split('/');
    if (kind === 'embeddings') assign(variable, uniform(rows * columns, EMBEDDING_LIMIT, generator));
    else if (kind === 'recurrent_kernel')
      assign(
        variable,
        draw(recurrentInitializer).map((value) => recurrentGain * value),
      );
    else if (kind === 'kernel' || kind === 'projection_kernel') assign(variable, draw(kernelInitializer));
    else if (kind === 'bias' && layer.includes('lstm'))
      assign(variable, new Float32Array(rows).fill(forgetBias, rows / 4, rows / 2));
  }
}

type Initializer = Initialization['kernelInitializer' | 'recurrentInitializer'];

/** Row-major `[rows, columns]`. */
const initializers: Record<
  Initializer,
  (rows: number, columns: number, generator: Generator, deviation: number) => Float32Array
> = {
  'glorot-uniform': glorotUniform,
  orthogonal: orthogonalRows,
  identity: repeatedIdentity,
  normal: (rows, columns, generator, deviation) => normal(rows * columns, deviation, generator),
};

function assign(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => {
    variable.assign(tf.tensor(values, variable.shape));
  });
}
