import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import { modelSchema } from '../config/schema.ts';
import { LanguageModel } from './languageModel.ts';
import { writeVariables } from './weights.ts';

/**
 * A trained model on disk: `model.json` and `weights.bin` are a standard TensorFlow.js LayersModel that
 * plain `tf.loadLayersModel` opens; `task.json` says what to feed it and what it answers, and names the layer that
 * stands in the way where TensorFlow.js has none like it.
 */
export interface ModelFiles {
  readonly 'model.json': string;
  readonly 'weights.bin': Uint8Array;
  readonly 'task.json': string;
}

const { cell, layers, units, activation, resetAfter, embedding } = modelSchema.shape;

const taskSchema = z.object({
  version: z.literal(1),
  task: z.literal('language-model'),
  /** What the saved layers take: token ids `[batch, timeSteps]`, or one-hot vectors `[batch, timeSteps, vocabularySize]`. */
  input: z.enum(['ids', 'one-hot']),
  vocabularySize: z.int().positive(),
  cell,
  layers,
  units,
  activation,
  resetAfter,
  embedding,
  /** Why plain TensorFlow.js cannot open model.json; absent where it can. */
  obstacle: z.string().optional(),
});

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({ weights: z.array(z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') })) }),
  ),
});

/** The files of a model as it is now. */
export async function modelFiles(model: LanguageModel): Promise<ModelFiles> {
  const artifacts = await captureArtifacts(model.network);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  if (!modelTopology || !weightSpecs || !weightData) throw new Error('TensorFlow.js gave an incomplete model to save.');
  const modelJson = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version['tfjs-layers']}`,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  const task: z.input<typeof taskSchema> = {
    version: 1,
    task: 'language-model',
    input: model.shape.embedding > 0 ? 'ids' : 'one-hot',
    ...model.shape,
    ...(model.stockObstacle !== undefined && { obstacle: model.stockObstacle }),
  };
  return {
    'model.json': JSON.stringify(modelJson),
    'weights.bin': new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
    'task.json': JSON.stringify(taskSchema.parse(task), undefined, 2),
  };
}

/**
 * Rebuilds a model from its files.
 * @throws Error that says which file is not of the form expected.
 */
export function loadModel(files: ModelFiles): LanguageModel {
  const shape = check(taskSchema, files['task.json'], 'task.json');
  const manifest = check(manifestSchema, files['model.json'], 'model.json');
  const specs = manifest.weightsManifest.flatMap((group) => group.weights);
  const bytes = files['weights.bin'];
  let offset = 0;
  const stored = specs.map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const end = offset + 4 * length;
    if (end > bytes.length) throw new Error(`weights.bin ends before "${name}"; the file is incomplete.`);
    const values = new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer);
    offset = end;
    return { name, shape, values };
  });
  const model = new LanguageModel({ ...shape, dropout: 0 });
  writeVariables(model.parameters, stored);
  return model;
}

async function captureArtifacts(network: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  return new Promise((resolve, reject) => {
    const handler = tf.io.withSaveHandler((artifacts) => {
      resolve(artifacts);
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    });
    network.save(handler).catch(reject);
  });
}

function check<S extends z.ZodType>(schema: S, text: string, name: string): z.output<S> {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${name} is not a model of Sequence Lab: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
