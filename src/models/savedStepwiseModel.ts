import * as z from 'zod';
import { recurrentFields } from './recurrentFields.ts';
import { type ModelFiles, modelFiles, parseFile, storedWeights } from './savedModel.ts';
import { StepwiseModel } from './stepwiseModel.ts';
import { writeVariables } from './weights.ts';

const taskSchema = z.object({
  version: z.literal(1),
  /** The task that it was trained for. */
  task: z.string(),
  /** What the saved layers take: token ids `[batch, timeSteps]`, or one-hot vectors `[batch, timeSteps, inputs]`. */
  input: z.enum(['ids', 'one-hot']),
  inputs: z.int().positive(),
  /** What they answer: probabilities of so many symbols at each step, `[batch, timeSteps, outputs]`. */
  outputs: z.int().positive(),
  ...recurrentFields,
});

/** The files of a model that answers at each step, as it is now. */
export async function stepwiseModelFiles(model: StepwiseModel, task: string): Promise<ModelFiles> {
  const input = model.shape.embedding > 0 ? 'ids' : 'one-hot';
  return modelFiles(model, taskSchema.parse({ version: 1, task, input, ...model.shape }));
}

/**
 * Rebuilds such a model from its files.
 * @throws Error that says which file is not of the form expected
 */
export function loadStepwiseModel(files: ModelFiles): StepwiseModel {
  const shape = parseFile(taskSchema, files['task.json'], 'task.json');
  const weights = storedWeights(files);
  const model = new StepwiseModel({ ...shape, dropout: 0 });
  writeVariables(model.parameters, weights);
  return model;
}
