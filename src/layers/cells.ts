import * as tf from '@tensorflow/tfjs';
import type { CellName } from '../config/cells.ts';
import type { RnnActivation } from '../kernels/contract.ts';
import { Gru } from './gru.ts';
import { Lstm } from './lstm.ts';
import { OutputRnn, type OutputRnnOptions } from './outputRnn.ts';
import { ProjectedLstm } from './projectedLstm.ts';
import type { Recurrent, RecurrentOptions } from './recurrent.ts';
import { SimpleRnn } from './simpleRnn.ts';

/** Fields of the model's configuration that only some cells read. */
export interface CellSettings {
  readonly projection: number;
  readonly activation: RnnActivation;
  readonly recurrence: 'hidden' | 'output';
  readonly resetAfter: boolean;
  /** Output layer of the model, for a cell that feeds outputs back. */
  readonly output?: OutputRnnOptions['output'] | undefined;
}

/** Options of a stock layer of TensorFlow.js. */
type StockOptions = Parameters<typeof tf.layers.simpleRNN>[0];

export interface CellLayers {
  /** Creates the layer of the cell. */
  layer(options: RecurrentOptions, settings: CellSettings): Recurrent;
  /** Creates the layer of TensorFlow.js that computes the same, for benchmarks. */
  stockLayer?(options: StockOptions): tf.layers.Layer;
}

/**
 * Registry of the layers of every recurrent cell. The plain data of the cells (names, gates, states, activations) is in
 * `config/cells.ts`, because the configuration and the views must not load TensorFlow.js. A cell's Jacobian is a method
 * of its layer, `stateJacobians`.
 */
export const cellLayers: Readonly<Record<CellName, CellLayers>> = {
  lstm: {
    layer: (options, { projection }) =>
      projection > 0 ? new ProjectedLstm({ ...options, projection }) : new Lstm(options),
    stockLayer: (options) => tf.layers.lstm({ ...options, recurrentActivation: 'sigmoid' }),
  },
  gru: {
    layer: (options, { resetAfter }) => new Gru({ ...options, resetAfter }),
    stockLayer: (options) => tf.layers.gru({ ...options, recurrentActivation: 'sigmoid' }),
  },
  rnn: {
    layer(options, { activation, recurrence, output }) {
      if (recurrence === 'hidden') return new SimpleRnn({ ...options, activation });
      if (!output) throw new RangeError('There is no output layer whose outputs could be fed back.');
      return new OutputRnn({ ...options, activation, output });
    },
    stockLayer: (options) => tf.layers.simpleRNN(options),
  },
};
