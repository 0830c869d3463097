/**
 * Shapes of PyTorch's `torch.nn.LSTM` (https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html), for showing what
 * its arguments do.
 */

/** Arguments of `torch.nn.LSTM`. */
export interface TorchLstm {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly bidirectional: boolean;
  /** 0 for no projection; otherwise less than `hiddenSize`. */
  readonly projSize: number;
}

/** What a dimension of a tensor counts. */
export type Dimension = 'timeSteps' | 'batch' | 'inputs' | 'outputs' | 'states' | 'hidden' | 'cell';

export interface SizedDimension {
  readonly name: Dimension;
  readonly size: number;
}

/** Name of a tensor that goes in or comes out. */
export const LSTM_TENSORS = ['input', 'output', 'h_n', 'c_n'] as const;

export type LstmTensor = (typeof LSTM_TENSORS)[number];

/** Width of the hidden state of one layer in one direction. */
export function hiddenWidth({ hiddenSize, projSize }: Pick<TorchLstm, 'hiddenSize' | 'projSize'>): number {
  return projSize || hiddenSize;
}

/** Shapes of the input and of the results for a batch of sequences of equal length. */
export function lstmShapes(
  lstm: TorchLstm,
  { timeSteps, batch }: { readonly timeSteps: number; readonly batch: number },
): Readonly<Record<LstmTensor, readonly SizedDimension[]>> {
  const directions = lstm.bidirectional ? 2 : 1;
  const steps = { name: 'timeSteps', size: timeSteps } as const;
  const sequences = { name: 'batch', size: batch } as const;
  const overTime = lstm.batchFirst ? [sequences, steps] : [steps, sequences];
  const states = { name: 'states', size: lstm.layers * directions } as const;
  return {
    input: [...overTime, { name: 'inputs', size: lstm.inputSize }],
    output: [...overTime, { name: 'outputs', size: directions * hiddenWidth(lstm) }],
    h_n: [states, sequences, { name: 'hidden', size: hiddenWidth(lstm) }],
    c_n: [states, sequences, { name: 'cell', size: lstm.hiddenSize }],
  };
}

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Weights with their names and shapes, in PyTorch's order. The four gates are stacked in the first dimension. */
export function lstmWeights(lstm: TorchLstm): NamedShape[] {
  const { inputSize, hiddenSize, layers, bias, bidirectional, projSize } = lstm;
  const gates = 4 * hiddenSize;
  const width = hiddenWidth(lstm);
  const directions = bidirectional ? ['', '_reverse'] : [''];
  return Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) => {
    const inputs = layer === 0 ? inputSize : directions.length * width;
    return directions.flatMap((direction) => [
      { name: `weight_ih_l${layer}${direction}`, shape: [gates, inputs] },
      { name: `weight_hh_l${layer}${direction}`, shape: [gates, width] },
      ...(bias
        ? [
            { name: `bias_ih_l${layer}${direction}`, shape: [gates] },
            { name: `bias_hh_l${layer}${direction}`, shape: [gates] },
          ]
        : []),
      ...(projSize > 0 ? [{ name: `weight_hr_l${layer}${direction}`, shape: [projSize, hiddenSize] }] : []),
    ]);
  });
}

/** Number of numbers in tensors. */
export function countOf(tensors: readonly NamedShape[]): number {
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
