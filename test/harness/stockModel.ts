import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { ModelFiles } from '../../src/models/savedModel.ts';

/** Opens the files of a saved model as plain TensorFlow.js does. */
export async function openInStock(files: Pick<ModelFiles, 'model.json' | 'weights.bin'>): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(files['model.json']) as tf.io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = Uint8Array.from(files['weights.bin']).buffer;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

/** Opens the saved model of a run as plain TensorFlow.js does. */
export async function openRunInStock(folder: string): Promise<tf.LayersModel> {
  return openInStock({
    'model.json': await readFile(join(folder, 'model', 'model.json'), 'utf8'),
    'weights.bin': await readFile(join(folder, 'model', 'weights.bin')),
  });
}
