import type { ModelConfig } from '../config/schema.ts';
import { Bidirectional } from '../layers/bidirectional.ts';
import { Gru } from '../layers/gru.ts';
import { Lstm } from '../layers/lstm.ts';
import { OutputRnn, type OutputRnnOptions } from '../layers/outputRnn.ts';
import { ProjectedLstm } from '../layers/projectedLstm.ts';
import type { Recurrent, RecurrentOptions } from '../layers/recurrent.ts';
import { RecurrentStack } from '../layers/recurrentStack.ts';
import type { SequenceLayer } from '../layers/sequenceLayer.ts';
import { SimpleRnn } from '../layers/simpleRnn.ts';
import type { Generator } from '../random/generator.ts';

/** What fixes the recurrent layers of a model, in the words of the configuration. */
export type RecurrentShape = Pick<
  ModelConfig,
  | 'cell'
  | 'layers'
  | 'units'
  | 'bidirectional'
  | 'bias'
  | 'projection'
  | 'activation'
  | 'recurrence'
  | 'resetAfter'
  | 'dropout'
>;

/** Width of what a layer of one direction gives at each step. */
export function outputWidth({
  cell,
  units,
  projection,
}: Pick<RecurrentShape, 'cell' | 'units' | 'projection'>): number {
  return cell === 'lstm' && projection > 0 ? projection : units;
}

/** Names of the layers on disk, those of the stock layers, before their number. */
const LAYER_NAMES = { lstm: 'lstm', gru: 'gru', rnn: 'simple_rnn' } as const;

export interface RecurrentLayersOptions {
  /** Stands before the names of the layers, where a model has several stacks of them. */
  readonly prefix?: string;
  /** Width of the inputs, where nothing stands before the first layer. */
  readonly inputs?: number | undefined;
  /** Whether the saved last layer gives the last hidden state only. */
  readonly lastStepOnly?: boolean;
  /** Draws the masks of dropout; without it nothing is dropped. */
  readonly masks?: Generator | undefined;
  /** The layer that makes outputs of the hidden states, for a shape that feeds outputs back. */
  readonly output?: OutputRnnOptions['output'];
}

/** The stacked recurrent layers of a model, named `lstm_1`, `gru_1` or `simple_rnn_1` and so on. */
export function recurrentLayers(
  shape: RecurrentShape,
  { prefix = '', inputs, lastStepOnly = false, masks, output }: RecurrentLayersOptions,
): RecurrentStack {
  const layers = Array.from({ length: shape.layers }, (_, index) =>
    inDirections(shape, output, {
      name: `${prefix}${LAYER_NAMES[shape.cell]}_${index + 1}`,
      units: shape.units,
      useBias: shape.bias,
      returnSequences: !lastStepOnly || index < shape.layers - 1,
      ...(index === 0 && inputs !== undefined && { inputs }),
    }),
  );
  const drops = shape.dropout > 0 && masks !== undefined;
  return new RecurrentStack(layers, drops ? { rate: shape.dropout, generator: masks } : undefined);
}

/** A layer that reads forwards, or both ways where the shape says so. */
function inDirections(
  shape: RecurrentShape,
  output: RecurrentLayersOptions['output'],
  { inputs, ...options }: RecurrentOptions,
): SequenceLayer {
  const first = inputs === undefined ? {} : { inputs };
  if (!shape.bidirectional) return recurrentLayer(shape, output, { ...options, ...first });
  return new Bidirectional({
    name: `bidirectional_${options.name}`,
    layer: recurrentLayer(shape, output, options),
    ...first,
  });
}

function recurrentLayer(
  { cell, projection, activation, recurrence, resetAfter }: RecurrentShape,
  output: RecurrentLayersOptions['output'],
  options: RecurrentOptions,
): Recurrent {
  switch (cell) {
    case 'lstm':
      return projection > 0 ? new ProjectedLstm({ ...options, projection }) : new Lstm(options);
    case 'gru':
      return new Gru({ ...options, resetAfter });
    case 'rnn':
      if (recurrence === 'hidden') return new SimpleRnn({ ...options, activation });
      if (!output) throw new RangeError('There is no output layer whose outputs could be fed back.');
      return new OutputRnn({ ...options, activation, output });
  }
}
