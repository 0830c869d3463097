import * as z from 'zod';
import { modelSchema } from '../config/schema.ts';
import { ConditionedModel } from './conditioned/conditionedModel.ts';
import { EncoderDecoder } from './encoderDecoder/encoderDecoder.ts';
import { LanguageModel } from './languageModel.ts';
import { type ModelFiles, modelFiles, nativeModelFiles, parseFile, storedWeights } from './savedModel.ts';
import { SequenceModel } from './sequenceModel.ts';
import { StepwiseModel } from './stepwiseModel.ts';
import { type Parameter, writeVariables } from './weights.ts';
import { say } from '../phrases/phrase.ts';

const { cell, layers, units, bidirectional, bias, projection, activation, recurrence, resetAfter, embedding } =
  modelSchema.shape;

/** Fields of `task.json` for recurrent layers that read in one direction. */
const forwardFields = { cell, layers, units, bias, projection, activation, recurrence, resetAfter, embedding };

/** Fields of `task.json` for recurrent layers that read in one direction or both. */
export const recurrentFields = { ...forwardFields, bidirectional };

/** Input of the saved layers: token ids `[batch, timeSteps]`, or one-hot vectors `[batch, timeSteps, symbols]`. */
const idInput = z.enum(['ids', 'one-hot']);

/** Storage of one kind of model. */
interface SavedKind<Model> {
  /** Creates the files of a model with its current weights. @param task task that the model was trained for */
  files(model: Model, task: string): Promise<ModelFiles>;
  /** Restores a model from its files. @throws Error that names the file with a missing field or missing data */
  load(files: ModelFiles): Model;
}

interface Saveable {
  /** Configuration that determines the weight shapes. */
  readonly shape: { readonly embedding: number; readonly inputKind?: 'ids' | 'vectors' };
  readonly parameters: readonly Parameter[];
}

/**
 * Storage of a kind of model whose `task.json` contains the task, the input of its layers and the fields of its shape.
 * @param schema fields of `task.json` besides `version` and `task`
 * @param create creates a model with those fields, without dropout
 * @param write creates the files of a model, given the content of `task.json`
 */
function savedKind<Fields extends z.ZodRawShape, Model extends Saveable>(
  fields: Fields,
  create: (fields: z.output<z.ZodObject<Fields>>) => Model,
  write: (model: Model, task: object) => Promise<ModelFiles>,
): SavedKind<Model> {
  const schema = z.object(fields);
  const heading = z.object({ version: z.literal(1), task: z.string() });
  return {
    async files(model, task) {
      const { inputKind, embedding: width } = model.shape;
      const input = inputKind === 'vectors' ? 'vectors' : width > 0 ? 'ids' : 'one-hot';
      return write(model, { ...heading.parse({ version: 1, task }), ...schema.parse({ input, ...model.shape }) });
    },
    load(files) {
      parseFile(heading, files['task.json'], 'task.json');
      const shape = parseFile(schema, files['task.json'], 'task.json');
      const weights = storedWeights(files);
      const model = create(shape);
      writeVariables(model.parameters, weights);
      return model;
    },
  };
}

export const savedLanguageModel = savedKind(
  { input: idInput, vocabularySize: z.int().positive(), ...recurrentFields, tieWeights: modelSchema.shape.tieWeights },
  (shape) => new LanguageModel({ ...shape, dropout: 0 }),
  async (model, task) => {
    model.updateNetwork();
    return modelFiles(model, task);
  },
);

export const savedSequenceModel = savedKind(
  {
    /** An `idInput`, or vectors `[batch, timeSteps, inputs]`. */
    input: z.enum(['ids', 'one-hot', 'vectors']),
    inputs: z.int().positive(),
    /** Output of the saved layers: probabilities of classes `[batch, outputs]`, or numbers of the same shape. */
    outputs: z.int().positive(),
    outputKind: z.enum(['class', 'number']),
    ...recurrentFields,
  },
  ({ input, ...shape }) =>
    new SequenceModel({ ...shape, inputKind: input === 'vectors' ? 'vectors' : 'ids', dropout: 0 }),
  (model, task) => modelFiles(model, task),
);

export const savedStepwiseModel = savedKind(
  {
    input: idInput,
    inputs: z.int().positive(),
    /** Output of the saved layers: probabilities of symbols at each step, `[batch, timeSteps, outputs]`. */
    outputs: z.int().positive(),
    ...recurrentFields,
  },
  (shape) => new StepwiseModel({ ...shape, dropout: 0 }),
  (model, task) => modelFiles(model, task),
);

export const savedEncoderDecoder = savedKind(
  {
    /** Tokens of both vocabularies, including `<unk>`, marks and `<pad>`. */
    sourceSize: z.int().positive(),
    targetSize: z.int().positive(),
    ...recurrentFields,
    attention: modelSchema.shape.attention,
  },
  (shape) => new EncoderDecoder({ ...shape, dropout: 0 }),
  ({ parameters, stockObstacle }, task) => nativeModelFiles(parameters, task, say(stockObstacle)),
);

export const savedConditionedModel = savedKind(
  {
    /** Tokens, including `<unk>`, marks and `<pad>`. */
    vocabularySize: z.int().positive(),
    labels: z.int().positive(),
    ...forwardFields,
  },
  (shape) => new ConditionedModel({ ...shape, dropout: 0, bidirectional: false }),
  ({ parameters, stockObstacle }, task) => nativeModelFiles(parameters, task, say(stockObstacle)),
);
