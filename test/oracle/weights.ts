import { biasRowsOf, type CellKind, columnsOf, layerName } from './cells.ts';
import type { Matrix } from './matrix.ts';
import type { CellWeights } from './recurrent.ts';

/** The cell and sizes of a character language model: [embedding or one-hot], stacked recurrent layers, dense. */
export interface ModelShape {
  readonly kind: CellKind;
  readonly vocabularySize: number;
  /** Width of the embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
  readonly layers: number;
  readonly units: number;
}

/** kernel [units, vocabulary], bias [1, vocabulary]. */
interface DenseWeights {
  readonly kernel: Matrix;
  readonly bias: Matrix;
}

/** Trainable weights of the model; the gradient of a loss has the same form. */
export interface ModelWeights {
  readonly kind: CellKind;
  /** [vocabulary, embedding]; absent where the input is one-hot. */
  readonly embedding?: Matrix;
  readonly layers: readonly CellWeights[];
  readonly dense: DenseWeights;
}

/** The weights in the order of the layers, with their names on disk. */
export function named(weights: ModelWeights): Map<string, Matrix> {
  const names = new Map<string, Matrix>();
  if (weights.embedding) names.set('embedding/embeddings', weights.embedding);
  weights.layers.forEach((layer, index) => {
    const name = layerName(weights.kind, index);
    names.set(`${name}/kernel`, layer.kernel);
    names.set(`${name}/recurrent_kernel`, layer.recurrentKernel);
    names.set(`${name}/bias`, layer.bias);
  });
  names.set('dense/kernel', weights.dense.kernel);
  names.set('dense/bias', weights.dense.bias);
  return names;
}

/** Creates every weight of a model by calling `make` with its name and shape, in the order of `named`. */
export function makeWeights(
  shape: ModelShape,
  make: (name: string, rows: number, columns: number) => Matrix,
): ModelWeights {
  const { kind, vocabularySize, embedding, units } = shape;
  const width = columnsOf(kind, units);
  const biases = biasRowsOf(kind);
  const table = embedding > 0 ? { embedding: make('embedding/embeddings', vocabularySize, embedding) } : {};
  const layers = Array.from({ length: shape.layers }, (_, index) => {
    const inputs = index > 0 ? units : embedding || vocabularySize;
    const name = layerName(kind, index);
    return {
      kernel: make(`${name}/kernel`, inputs, width),
      recurrentKernel: make(`${name}/recurrent_kernel`, units, width),
      bias: make(`${name}/bias`, biases, width),
    };
  });
  const dense = { kernel: make('dense/kernel', units, vocabularySize), bias: make('dense/bias', 1, vocabularySize) };
  return { kind, ...table, layers, dense };
}
