import * as z from 'zod';
import { recurrentFields } from './recurrentFields.ts';
import { type ModelFiles, modelFiles, parseFile, storedWeights } from './savedModel.ts';
import { SequenceModel } from './sequenceModel.ts';
import { writeVariables } from './weights.ts';

const taskSchema = z.object({
  version: z.literal(1),
  /** The task that it was trained for. */
  task: z.string(),
  /**
   * What the saved layers take: token ids `[batch, timeSteps]`, or vectors `[batch, timeSteps, inputs]`, one-hot where
   * they stand for ids.
   */
  input: z.enum(['ids', 'one-hot', 'vectors']),
  inputs: z.int().positive(),
  /** What they answer: probabilities of classes `[batch, outputs]`, or a number `[batch, 1]`. */
  outputs: z.int().positive(),
  outputKind: z.enum(['class', 'number']),
  ...recurrentFields,
});

/** The files of a many-to-one model as it is now. */
export async function sequenceModelFiles(model: SequenceModel, task: string): Promise<ModelFiles> {
  const { inputKind, embedding: width } = model.shape;
  const input = inputKind === 'vectors' ? 'vectors' : width > 0 ? 'ids' : 'one-hot';
  return modelFiles(model, taskSchema.parse({ version: 1, task, input, ...model.shape }));
}

/**
 * Rebuilds a many-to-one model from its files.
 * @throws Error that says which file is not of the form expected.
 */
export function loadSequenceModel(files: ModelFiles): SequenceModel {
  const { input, ...shape } = parseFile(taskSchema, files['task.json'], 'task.json');
  const weights = storedWeights(files);
  const model = new SequenceModel({ ...shape, inputKind: input === 'vectors' ? 'vectors' : 'ids', dropout: 0 });
  writeVariables(model.parameters, weights);
  return model;
}
