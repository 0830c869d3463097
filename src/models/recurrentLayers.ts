import { cells, projectionOf } from '../config/cells.ts';
import type { ModelConfig } from '../config/schema.ts';
import { Bidirectional } from '../layers/bidirectional.ts';
import { cellLayers, type CellSettings } from '../layers/cells.ts';
import type { RecurrentOptions } from '../layers/recurrent.ts';
import { RecurrentStack } from '../layers/recurrentStack.ts';
import type { SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';

/** Configuration fields of the recurrent layers. */
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

/** Width of the output of one direction of a layer at one step. */
export function outputWidth(shape: Pick<RecurrentShape, 'cell' | 'units' | 'projection'>): number {
  return projectionOf(shape) || shape.units;
}

export interface RecurrentLayersOptions {
  /** Prefix of the layer names, for a model with several stacks. */
  readonly prefix?: string;
  /** Width of the inputs, if the first recurrent layer is the first of the model. */
  readonly inputs?: number | undefined;
  /** True if the last saved layer returns only the last hidden state. */
  readonly lastStepOnly?: boolean;
  /** Generator of the dropout masks; undefined: no dropout. */
  readonly masks?: Generator | undefined;
  /** Output layer, for a shape that feeds outputs back. */
  readonly output?: CellSettings['output'];
}

/** Creates the stacked recurrent layers of a model, named `lstm_1`, `gru_1`, `simple_rnn_1` and so on. */
export function recurrentLayers(
  shape: RecurrentShape,
  { prefix = '', inputs, lastStepOnly = false, masks, output }: RecurrentLayersOptions,
): RecurrentStack {
  const layers = Array.from({ length: shape.layers }, (_, index) =>
    inDirections(shape, output, {
      name: `${prefix}${cells[shape.cell].layerName}_${index + 1}`,
      units: shape.units,
      useBias: shape.bias,
      returnSequences: !lastStepOnly || index < shape.layers - 1,
      ...(index === 0 && inputs !== undefined && { inputs }),
    }),
  );
  const drops = shape.dropout > 0 && masks !== undefined;
  return new RecurrentStack(layers, drops ? { rate: shape.dropout, generator: masks } : undefined);
}

/** Returns the layer, or a bidirectional layer around it for a bidirectional shape. */
function inDirections(
  shape: RecurrentShape,
  output: RecurrentLayersOptions['output'],
  { inputs, ...options }: RecurrentOptions,
): SequenceLayer {
  const first = inputs === undefined ? {} : { inputs };
  const { layer } = cellLayers[shape.cell];
  const settings = { ...shape, output };
  if (!shape.bidirectional) return layer({ ...options, ...first }, settings);
  return new Bidirectional({ name: `bidirectional_${options.name}`, layer: layer(options, settings), ...first });
}
