import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '../config/schema.ts';
import { glorotUniform, normal, orthogonalRows, repeatedIdentity, uniform } from '../layers/initializers.ts';
import type { SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import type { Parameter } from './weights.ts';

/** Configuration fields of the weight initialization. */
export type Initialization = Pick<
  ModelConfig,
  'kernelInitializer' | 'recurrentInitializer' | 'recurrentGain' | 'standardDeviation' | 'forgetBias'
>;

/** Half the width of the uniform distribution of embeddings, as in Keras. */
const EMBEDDING_LIMIT = 0.05;

/** Trainable tensors of a model, and its recurrent layers. */
interface Initialized {
  readonly parameters: readonly Parameter[];
  readonly layers: readonly SequenceLayer[];
}

/**
 * Draws the initial weights of a model in the order of its parameters. The initializer is selected by the name of the
 * parameter. The recurrent layers initialize their biases; all other biases stay zero.
 */
export function initializeWeights(
  { parameters, layers }: Initialized,
  generator: Generator,
  initialization: Initialization,
): void {
  const { kernelInitializer, recurrentInitializer, recurrentGain, standardDeviation, forgetBias } = initialization;
  for (const { name, variable } of parameters) {
    const [rows, columns = 0] = variable.shape as [number, number?];
    const draw = (kind: Initializer): Float32Array => initializers[kind](rows, columns, generator, standardDeviation);
    // The layers of a bidirectional wrapper have its name before theirs: bidirectional_lstm_1/forward_lstm_1/kernel.
    const kind = name.split('/').at(-1);
    if (kind === 'embeddings') assign(variable, uniform(rows * columns, EMBEDDING_LIMIT, generator));
    else if (kind === 'recurrent_kernel')
      assign(
        variable,
        draw(recurrentInitializer).map((value) => recurrentGain * value),
      );
    else if (kind === 'kernel' || kind === 'projection_kernel') assign(variable, draw(kernelInitializer));
  }
  for (const layer of layers) layer.initializeBias(forgetBias);
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
