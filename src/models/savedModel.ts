import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { RecurrentNetwork } from './recurrentNetwork.ts';
import { type NamedTensor, type Parameter, readTensors } from './weights.ts';
import { phrase, PhrasedError, say } from '../phrases/phrase.ts';
import { textOf } from '../phrases/causes.ts';

/**
 * Files of a trained model: `model.json` and `weights.bin` are a standard TensorFlow.js LayersModel for
 * `tf.loadLayersModel`; `task.json` describes inputs and outputs, and names the obstacle if the model contains a layer
 * that TensorFlow.js does not have.
 */
export interface ModelFiles {
  readonly 'model.json': string;
  readonly 'weights.bin': Uint8Array;
  readonly 'task.json': string;
}

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') })),
    }),
  ),
});

/**
 * Creates the files of a model with its current weights.
 * @param task content of `task.json`
 */
export async function modelFiles({ network, stockObstacle }: RecurrentNetwork, task: object): Promise<ModelFiles> {
  const artifacts = await captureArtifacts(network);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  if (!modelTopology || !weightSpecs || !weightData)
    throw new Error('TensorFlow.js returned an incomplete model to save.');
  const modelJson = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version['tfjs-layers']}`,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  const obstacle = stockObstacle === undefined ? {} : { obstacle: say(stockObstacle) };
  return {
    'model.json': JSON.stringify(modelJson),
    'weights.bin': new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
    'task.json': JSON.stringify({ ...task, ...obstacle }, undefined, 2),
  };
}

/**
 * Creates the files of a model that cannot be expressed in layers of TensorFlow.js: `model.json` names the weights, and
 * `task.json` contains the reason why plain TensorFlow.js cannot open it.
 * @param obstacle the reason, shown to the user
 */
export async function nativeModelFiles(
  parameters: readonly Parameter[],
  task: object,
  obstacle: string,
): Promise<ModelFiles> {
  const tensors = await readTensors(parameters.map(({ name, variable }) => ({ name, tensor: variable })));
  const weights = tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    'model.json': JSON.stringify({ format: 'sequence-lab', weightsManifest: [{ paths: ['weights.bin'], weights }] }),
    'weights.bin': new Uint8Array(tf.io.CompositeArrayBuffer.join(tensors.map(({ values }) => values.slice().buffer))),
    'task.json': JSON.stringify({ ...task, obstacle }, undefined, 2),
  };
}

/**
 * Reads the named weights of a saved model.
 * @throws Error that names the invalid file
 */
export function storedWeights(files: ModelFiles): NamedTensor[] {
  const manifest = parseFile(manifestSchema, files['model.json'], 'model.json');
  const specs = manifest.weightsManifest.flatMap((group) => group.weights);
  const bytes = files['weights.bin'];
  let offset = 0;
  const weights = specs.map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const end = offset + 4 * length;
    if (end > bytes.length)
      throw new PhrasedError(phrase('weights.bin ends before "{0}"; the file is incomplete.', name));
    const values = new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer);
    if (!values.every((value) => Number.isFinite(value)))
      throw new PhrasedError(phrase('weights.bin: "{0}" has values that are not finite.', name));
    offset = end;
    return { name, shape, values };
  });
  if (offset !== bytes.length)
    throw new PhrasedError(phrase('weights.bin has {0} bytes, and its index has {1}.', bytes.length, offset));
  return weights;
}

/** Parses a JSON file of a saved model. @throws Error that names the file and the invalid part */
export function parseFile<S extends z.ZodType>(schema: S, text: string, name: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new PhrasedError(phrase('{0} is not a file of a model of Sequence Lab. {1}', name, textOf(error)), {
      cause: error,
    });
  }
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
