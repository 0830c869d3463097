import * as z from 'zod';
import { forwardFields } from '../recurrentFields.ts';
import { type ModelFiles, nativeModelFiles, parseFile, storedWeights } from '../savedModel.ts';
import { writeVariables } from '../weights.ts';
import { ConditionedModel } from './conditionedModel.ts';

const taskSchema = z.object({
  version: z.literal(1),
  task: z.literal('conditioned-generation'),
  /** Tokens, `<unk>`, marks and `<pad>` among them. */
  vocabularySize: z.int().positive(),
  labels: z.int().positive(),
  ...forwardFields,
});

/** Why plain TensorFlow.js cannot open it. */
export const CONDITIONED_OBSTACLE =
  'The recurrent layers begin with states that depend on the label, for which the layers of TensorFlow.js have no input here.';

/** The files of a conditioned model as it is now. */
export async function conditionedModelFiles(model: ConditionedModel): Promise<ModelFiles> {
  return nativeModelFiles(
    model.parameters,
    taskSchema.parse({ version: 1, task: 'conditioned-generation', ...model.shape }),
    CONDITIONED_OBSTACLE,
  );
}

/**
 * Rebuilds such a model from its files.
 * @throws Error that says which file is not of the form expected
 */
export function loadConditionedModel(files: ModelFiles): ConditionedModel {
  const shape = parseFile(taskSchema, files['task.json'], 'task.json');
  const weights = storedWeights(files);
  const model = new ConditionedModel({ ...shape, dropout: 0, bidirectional: false });
  writeVariables(model.parameters, weights);
  return model;
}
