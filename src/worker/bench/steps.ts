import * as tf from '@tensorflow/tfjs';
import { kernelStep, type RecurrentPart } from '../../backends/kernelSteps.ts';
import { cells } from '../../config/cells.ts';
import { modelSchema, runConfigSchema } from '../../config/schema.ts';
import { StreamBatcher } from '../../data/streamBatcher.ts';
import { TokenSequence } from '../../data/tokenSequence.ts';
import { cellLayers } from '../../layers/cells.ts';
import { mapState } from '../../layers/states.ts';
import { LanguageModel } from '../../models/languageModel.ts';
import { takeProbe } from '../../probes/takeProbe.ts';
import { Generator } from '../../random/generator.ts';
import { LanguageModelTrainer } from '../../training/languageModelTrainer.ts';
import { probedLanguageModel, spreadWindows } from '../../training/probedLanguageModel.ts';
import { followedSequences, judgedRun } from '../runProbes.ts';
import type { BenchTask, StepSizes } from './task.ts';

type Step = () => Promise<void>;

/** Number of windows in the text, which is repeated. */
const WINDOWS = 8;

/** The measured step. */
export function stepOf(task: BenchTask): Step {
  switch (task.model) {
    case 'ours':
      return ourStep(task);
    case 'stock':
      return stockStep(task);
    case 'probe':
    case 'thorough probe':
      return probeStep(task);
    case 'forward':
    case 'forward and backward':
    case 'loss':
    case 'adam':
      return kernelStep(task.model, { sizes: task.sizes, gates: cells[task.cell].gates }, () => recurrentPart(task));
  }
}

/** A training step of Sequence Lab, with its layers, trainer and optimizer. */
function ourStep({ sizes: { T, B, H, V }, cell, taps }: BenchTask): Step {
  const model = ourModel({ cell, sizes: { T, B, H, V } });
  const batcher = new StreamBatcher(randomText({ T, B, H, V }), { timeSteps: T, batchSize: B });
  const reading: Promise<void>[] = [];
  const receive = (norms: tf.Tensor) => void reading.push(norms.data().then(() => norms.dispose()));
  const trainer = new LanguageModelTrainer(model, batcher, { tapsOf: taps ? () => ({ receive }) : undefined });
  return async () => {
    await trainer.step(1e-3, { clipNorm: 1, clipValue: 0 });
    await Promise.all(reading.splice(0));
  };
}

/** A probe of the model, as in a run. */
function probeStep({ sizes, cell, model: kind }: BenchTask): Step {
  const probed = probedLanguageModel(ourModel({ cell, sizes }), spreadWindows([randomText(sizes)], sizes.T));
  const config = runConfigSchema.parse({ model: { cell, units: sizes.H }, training: { batchSize: sizes.B } });
  return async () => {
    await takeProbe(probed, {
      step: 0,
      source: 'batch',
      start: 'zero',
      clippedShare: 0,
      learning: null,
      sequences: followedSequences(config),
      ...judgedRun(config),
      thorough: kind === 'thorough probe',
    });
  };
}

/** A recurrent layer with random weights, its input as wide as its state. */
function recurrentPart({ sizes: { T, B, H }, cell, taps }: BenchTask): RecurrentPart {
  const settings = modelSchema.parse({ cell, resetAfter: true });
  const layer = cellLayers[cell].layer({ name: 'recurrent', units: H }, settings);
  layer.build([null, null, H]);
  // Small weights, so that the gates do not saturate.
  const small = (shape: number[]) => tf.randomUniform(shape, -0.1, 0.1, 'float32', 1);
  const weights = layer.trainableWeights.map((weight) => weight.write(small(weight.shape as number[])).read());
  const [x, h, c] = [small([T, B, H]), small([B, H]), small([B, H])];
  const state = mapState(layer.zeroState(B), (name) => (name === 'c' ? c : h) as tf.Tensor2D);
  const received: tf.Tensor3D[] = [];
  const options = taps ? { tapsOf: () => ({ receive: (norms: tf.Tensor3D) => void received.push(norms) }) } : {};
  return {
    variables: [x, ...weights],
    run: () => layer.sequence(x, state, options).h,
    takeNorms: () => received.splice(0),
  };
}

function ourModel({ sizes: { H, V }, cell }: Pick<BenchTask, 'sizes' | 'cell'>): LanguageModel {
  // The GRU variant of PyTorch.
  const config = modelSchema.parse({ cell, units: H, resetAfter: true });
  const model = new LanguageModel({ ...config, vocabularySize: V });
  model.initialize(Generator.forPurpose(1, 'bench'), config);
  return model;
}

function randomText({ T, B, V }: StepSizes): TokenSequence {
  return TokenSequence.of(Array.from(randomIds(T * B * WINDOWS + 1, V)));
}

/**
 * The same step with TensorFlow.js only: one-hot vectors, its recurrent layer, `tf.layers.dense`, and its Adam.
 */
function stockStep({ sizes: { T, B, H, V }, cell }: BenchTask): Step {
  const model = tf.sequential();
  // Orthogonal initialization is slow and does not affect the time of a step.
  const recurrentInitializer = 'glorotUniform';
  const recurrent = {
    units: H,
    returnSequences: true,
    recurrentInitializer,
    inputShape: [T, V] as [number, number],
  } as const;
  const { stockLayer } = cellLayers[cell];
  if (!stockLayer) throw new Error(`TensorFlow.js has no layer for the cell ${cells[cell].title}.`);
  model.add(stockLayer(recurrent));
  model.add(tf.layers.dense({ units: V }));
  const optimizer = tf.train.adam(1e-3);
  const ids = randomIds(T * B * 2, V);
  return async () => {
    const loss = tf.tidy(() => {
      const x = tf.oneHot(tf.tensor2d(ids.subarray(0, T * B), [B, T], 'int32'), V).toFloat();
      const y = tf.oneHot(tf.tensor2d(ids.subarray(T * B), [B, T], 'int32'), V);
      return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.predict(x) as tf.Tensor), true)!;
    });
    await loss.data();
    loss.dispose();
  };
}

function randomIds(count: number, classes: number): Int32Array {
  const generator = Generator.forPurpose(2, 'bench');
  return Int32Array.from({ length: count }, () => Math.floor(generator.nextUniform() * classes));
}
