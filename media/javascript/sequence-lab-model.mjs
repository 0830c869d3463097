/**
 * Opens a model that Sequence Lab has exported, in TensorFlow.js, in a page or in Node.js.
 *
 *     npm install @tensorflow/tfjs
 *     node sequence-lab-model.mjs                       # compares its outputs with those of Sequence Lab on the example
 *
 *     import * as tf from '@tensorflow/tfjs';
 *     import { load } from './sequence-lab-model.mjs';
 *     const model = await load('FOLDER', tf);           // a folder, or an address in a page
 *     const logits = model.run([[3, 1, 4]]);            // `[batch, time, outputs]`, or `[batch, outputs]` of a classifier
 *
 * The files are LayersModels: where `sequence-lab-layers.mjs` is not needed, `tf.loadLayersModel` opens them without this
 * program. MIT License.
 */

/** Files with the layers of each kind of model. */
const PARTS = ['model', 'step', 'initial', 'encoder', 'decoder'];

export class Model {
  /** @param parts the LayersModels by the names of their files without `.json` */
  constructor(tf, config, parts) {
    this.tf = tf;
    this.config = config;
    this.parts = parts;
    this.logits = {};
    for (const [name, part] of Object.entries(parts)) {
      if (!part.layers.some((layer) => layer.name === 'dense')) continue;
      const states = part.outputs.slice(1);
      this.logits[name] = tf.model({ inputs: part.inputs, outputs: [part.getLayer('dense').output, ...states] });
    }
  }

  /**
   * Logits, or numbers of a forecaster, for sequences of one length.
   * @param inputs ids `[batch, time]` or vectors `[batch, time, inputs]`
   * @param options ids that a decoder reads (`targets`), or labels of a model of texts for a label (`labels`)
   */
  run(inputs, { targets, labels } = {}) {
    const { tf, parts, logits } = this;
    return tf.tidy(() => {
      if (parts.encoder) {
        // The states of the decoder, and what attention reads.
        const encoded = [this.#call(parts.encoder, [inputs])].flat();
        return [this.#call(logits.decoder, [targets, ...encoded])].flat()[0];
      }
      if (parts.initial) {
        return [this.#call(logits.step, [inputs, ...this.initialStates(labels)])].flat()[0];
      }
      return [this.#call(logits.model, [inputs])].flat()[0];
    });
  }

  /**
   * Probabilities of the next tokens, and the states after the last step, of a model that reads in one direction.
   * @param ids `[batch, time]`
   * @param states those that the call before returned, or `initialStates(labels)`; zeros if omitted
   */
  step(ids, states = this.#zeros(this.parts.step, ids.length)) {
    const [probabilities, ...after] = [this.#call(this.parts.step, [ids, ...states])].flat();
    return { probabilities, states: after };
  }

  /** The states that texts with labels begin with. */
  initialStates(labels) {
    return [this.#call(this.parts.initial, [labels.map((label) => [label])])].flat();
  }

  #zeros(part, batch) {
    return part.inputs.slice(1).map(({ shape }) => this.tf.zeros([batch, shape[1]]));
  }

  /** Runs a LayersModel on ids, which it may read as one-hot vectors, or on tensors. */
  #call(part, values) {
    const { tf } = this;
    const inputs = values.map((value, place) => {
      if (value instanceof tf.Tensor) return value;
      const { shape } = part.inputs[place];
      const isVectors = Array.isArray(value[0][0]);
      const tensor = tf.tensor(value, undefined, isVectors ? 'float32' : 'int32');
      return shape.length === 3 && !isVectors ? tf.cast(tf.oneHot(tensor, shape[2]), 'float32') : tensor;
    });
    return part.predict(inputs.length === 1 ? inputs[0] : inputs);
  }
}

/** The model of an exported folder. @param folder path, or address in a page @param tf TensorFlow.js */
export async function load(folder, tf) {
  const config = JSON.parse(new TextDecoder().decode(await read(folder, 'config.json')));
  const parts = {};
  for (const part of PARTS) if (config.weights.includes(`${part}.json`)) parts[part] = await loadPart(folder, part, tf);
  return new Model(tf, config, parts);
}

/** The outputs on `example.json`, and the largest difference to those of Sequence Lab. */
export async function runExample(folder, tf) {
  const model = await load(folder, tf);
  const example = JSON.parse(new TextDecoder().decode(await read(folder, 'example.json')));
  const outputs = model.run(example.inputs, example);
  const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(outputs, tf.tensor(example.outputs)))).dataSync()[0]);
  return { outputs, difference };
}

/** Opens a LayersModel, whose layers are registered before. */
async function loadPart(folder, part, tf) {
  const text = new TextDecoder().decode(await read(folder, `${part}.json`));
  if (/"class_name":\s*"(?:GRUResetAfter|AdditiveScores)"/.test(text))
    (await import('./sequence-lab-layers.mjs')).register(tf);
  const { modelTopology, weightsManifest } = JSON.parse(text);
  const files = await Promise.all(weightsManifest.flatMap(({ paths }) => paths).map((path) => read(folder, path)));
  const weightData = new Uint8Array(files.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const file of files) {
    weightData.set(file, at);
    at += file.length;
  }
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  return tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData: weightData.buffer }) });
}

const isNode = typeof process !== 'undefined' && Boolean(process.versions?.node);

/** The bytes of a file of the folder. */
async function read(folder, name) {
  if (isNode && !/^(?:https?|blob|data):/.test(folder)) {
    const [{ readFile }, { join }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
    return new Uint8Array(await readFile(join(folder, name)));
  }
  const response = await fetch(`${String(folder).replace(/\/$/, '')}/${name}`);
  if (!response.ok) throw new Error(`${name} cannot be read: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

if (isNode && process.argv[1] && (await import('node:url')).pathToFileURL(process.argv[1]).href === import.meta.url) {
  const tf = await import('@tensorflow/tfjs');
  const folder = process.argv[2] ?? (await import('node:path')).dirname(process.argv[1]);
  const { outputs, difference } = await runExample(folder, tf);
  console.log(JSON.stringify({ shape: outputs.shape, largestDifference: difference }));
  process.exitCode = difference < 1e-4 ? 0 : 1;
}
