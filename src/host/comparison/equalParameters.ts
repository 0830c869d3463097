import type { RunConfig } from '../../config/schema.ts';

type Model = RunConfig['model'];

/** Blocks of a recurrent kernel: gates and candidate. */
const BLOCKS: Readonly<Record<Model['cell'], number>> = { lstm: 4, gru: 3, rnn: 1 };

/**
 * Trained numbers of a language model: embedding, recurrent layers, output layer.
 * @param vocabulary width of a one-hot vector and of the output; need not be whole, as the count is linear in it
 */
export function parameterCount({ cell, layers, units, embedding, resetAfter }: Model, vocabulary: number): number {
  const blocks = BLOCKS[cell];
  // Applying the reset gate after the recurrent product takes a second bias (Keras, PyTorch).
  const biases = cell === 'gru' && resetAfter ? 2 : 1;
  const layer = (inputs: number) => blocks * units * (inputs + units + biases);
  const first = layer(embedding === 0 ? vocabulary : embedding);
  return vocabulary * embedding + first + (layers - 1) * layer(units) + (units + 1) * vocabulary;
}

/** The vocabulary of a model that has so many parameters. */
export function vocabularyOf(model: Model, parameters: number): number {
  const without = parameterCount(model, 0);
  return (parameters - without) / (parameterCount(model, 1) - without);
}

/** The hidden size at which another cell has as nearly as many parameters as a model that has `parameters`. */
export function unitsForParameters(model: Model, cell: Model['cell'], parameters: number): number {
  const vocabulary = vocabularyOf(model, parameters);
  const count = (units: number) => parameterCount({ ...model, cell, units }, vocabulary);
  let units = 1;
  while (count(units + 1) <= parameters) units++;
  return parameters - count(units) <= count(units + 1) - parameters ? units : units + 1;
}
