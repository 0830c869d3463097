import { type ModelConfig, runConfigSchema } from '../../../src/config/schema.ts';
import type { TorchLstm } from '../../../src/config/torchLstm.ts';

/** Numbers that the user sets: arguments of nn.LSTM, and the sizes of its input. */
export interface LayerSizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly dropout: number;
  readonly projSize: number;
  readonly timeSteps: number;
  readonly batch: number;
}

export interface LayerSwitches {
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly bidirectional: boolean;
}

export interface LayerInput {
  readonly sizes: LayerSizes;
  readonly switches: LayerSwitches;
}

export function torchLstm({ sizes, switches }: LayerInput): TorchLstm {
  return { ...sizes, ...switches };
}

/** The configuration here of a network with these layers. */
export function modelOf({ sizes, switches }: LayerInput): ModelConfig {
  return runConfigSchema.parse({
    model: {
      cell: 'lstm',
      embedding: sizes.inputSize,
      units: sizes.hiddenSize,
      layers: sizes.layers,
      dropout: sizes.dropout,
      projection: sizes.projSize,
      bias: switches.bias,
      bidirectional: switches.bidirectional,
    },
  }).model;
}
