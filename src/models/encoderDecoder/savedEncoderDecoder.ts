import * as z from 'zod';
import { modelSchema } from '../../config/schema.ts';
import { forwardFields } from '../recurrentFields.ts';
import { type ModelFiles, nativeModelFiles, parseFile, storedWeights } from '../savedModel.ts';
import { writeVariables } from '../weights.ts';
import { EncoderDecoder } from './encoderDecoder.ts';

const taskSchema = z.object({
  version: z.literal(1),
  /** The task that it was trained for. */
  task: z.string(),
  /** Tokens of both vocabularies, `<unk>`, marks and `<pad>` among them. */
  sourceSize: z.int().positive(),
  targetSize: z.int().positive(),
  ...forwardFields,
  attention: modelSchema.shape.attention,
});

/** Why plain TensorFlow.js cannot open it. */
export const ENCODER_DECODER_OBSTACLE =
  'The decoder begins with the states of the encoder and is run token by token, for which TensorFlow.js has no layer.';

/** The files of an encoder and decoder as they are now. */
export async function encoderDecoderFiles(model: EncoderDecoder, task: string): Promise<ModelFiles> {
  return nativeModelFiles(
    model.parameters,
    taskSchema.parse({ version: 1, task, ...model.shape }),
    ENCODER_DECODER_OBSTACLE,
  );
}

/**
 * Rebuilds such a model from its files.
 * @throws Error that says which file is not of the form expected
 */
export function loadEncoderDecoder(files: ModelFiles): EncoderDecoder {
  const shape = parseFile(taskSchema, files['task.json'], 'task.json');
  const weights = storedWeights(files);
  const model = new EncoderDecoder({ ...shape, dropout: 0 });
  writeVariables(model.parameters, weights);
  return model;
}
