import { counted, layersOf, totalOf } from '../../config/modelSummary.ts';
import type { RunConfig } from '../../config/schema.ts';

type Model = RunConfig['model'];

/**
 * Number of parameters of a language model: embedding, recurrent layers, output layer.
 * @param vocabulary width of a one-hot vector and of the output; may be fractional, since the count is linear in it
 */
export function parameterCount(model: Model, vocabulary: number): number {
  const layers = layersOf({ task: { name: 'language-model' }, model });
  if (!layers) throw new Error(`A language model of the family ${model.family} has no recurrent layers to count.`);
  return counted(totalOf(layers), vocabulary, vocabulary);
}

/** Vocabulary size at which a model has the given number of parameters. */
function vocabularyOf(model: Model, parameters: number): number {
  const without = parameterCount(model, 0);
  return (parameters - without) / (parameterCount(model, 1) - without);
}

/** Hidden size at which another cell comes closest to the number of parameters of a model. */
export function unitsForParameters(model: Model, cell: Model['cell'], parameters: number): number {
  const vocabulary = vocabularyOf(model, parameters);
  const count = (units: number) => parameterCount({ ...model, cell, units }, vocabulary);
  let units = 1;
  while (count(units + 1) <= parameters) units++;
  return parameters - count(units) <= count(units + 1) - parameters ? units : units + 1;
}
