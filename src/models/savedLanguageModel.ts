import * as z from 'zod';
import { LanguageModel } from './languageModel.ts';
import { recurrentFields } from './recurrentFields.ts';
import { type ModelFiles, modelFiles, parseFile, storedWeights } from './savedModel.ts';
import { writeVariables } from './weights.ts';

const taskSchema = z.object({
  version: z.literal(1),
  task: z.literal('language-model'),
  /**
   * What the saved layers take: token ids `[batch, timeSteps]`, or one-hot vectors `[batch, timeSteps,
   * vocabularySize]`.
   */
  input: z.enum(['ids', 'one-hot']),
  vocabularySize: z.int().positive(),
  ...recurrentFields,
});

/** The files of a language model as it is now. */
export async function languageModelFiles(model: LanguageModel): Promise<ModelFiles> {
  const input = model.shape.embedding > 0 ? 'ids' : 'one-hot';
  return modelFiles(model, taskSchema.parse({ version: 1, task: 'language-model', input, ...model.shape }));
}

/**
 * Rebuilds a language model from its files.
 * @throws Error that says which file is not of the form expected.
 */
export function loadLanguageModel(files: ModelFiles): LanguageModel {
  const shape = parseFile(taskSchema, files['task.json'], 'task.json');
  const weights = storedWeights(files);
  const model = new LanguageModel({ ...shape, dropout: 0 });
  writeVariables(model.parameters, weights);
  return model;
}
