import type { Matrix } from './matrix.ts';

/** The sizes of a character language model: [embedding or one-hot], stacked LSTM, dense. */
export interface ModelShape {
  readonly vocabularySize: number;
  /** Width of the embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
  readonly layers: number;
  readonly units: number;
}

/** kernel [inputs, 4 units], recurrentKernel [units, 4 units], bias [1, 4 units]; gates in the order i, f, c, o. */
export interface LstmWeights {
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  readonly bias: Matrix;
}

/** kernel [units, vocabulary], bias [1, vocabulary]. */
export interface DenseWeights {
  readonly kernel: Matrix;
  readonly bias: Matrix;
}

/** All that is trained; the gradient of a loss has the same form. */
export interface ModelWeights {
  /** [vocabulary, embedding]; absent where the input is one-hot. */
  readonly embedding?: Matrix;
  readonly layers: readonly LstmWeights[];
  readonly dense: DenseWeights;
}

/** The weights in the order of the layers, under the names that the product gives them on disk. */
export function named(weights: ModelWeights): Map<string, Matrix> {
  const names = new Map<string, Matrix>();
  if (weights.embedding) names.set('embedding/embeddings', weights.embedding);
  weights.layers.forEach((layer, index) => {
    names.set(`lstm_${index + 1}/kernel`, layer.kernel);
    names.set(`lstm_${index + 1}/recurrent_kernel`, layer.recurrentKernel);
    names.set(`lstm_${index + 1}/bias`, layer.bias);
  });
  names.set('dense/kernel', weights.dense.kernel);
  names.set('dense/bias', weights.dense.bias);
  return names;
}

/** Makes every weight of a model by asking `make` for each, by its name and shape, in the order of `named`. */
export function makeWeights(
  shape: ModelShape,
  make: (name: string, rows: number, columns: number) => Matrix,
): ModelWeights {
  const { vocabularySize, embedding, units } = shape;
  const table = embedding > 0 ? { embedding: make('embedding/embeddings', vocabularySize, embedding) } : {};
  const layers = Array.from({ length: shape.layers }, (_, index) => {
    const inputs = index > 0 ? units : embedding || vocabularySize;
    return {
      kernel: make(`lstm_${index + 1}/kernel`, inputs, 4 * units),
      recurrentKernel: make(`lstm_${index + 1}/recurrent_kernel`, units, 4 * units),
      bias: make(`lstm_${index + 1}/bias`, 1, 4 * units),
    };
  });
  const dense = { kernel: make('dense/kernel', units, vocabularySize), bias: make('dense/bias', 1, vocabularySize) };
  return { ...table, layers, dense };
}
