/**
 * `node check.ts PACKAGE_FOLDER` loads `@tensorflow/tfjs-node` from PACKAGE_FOLDER, runs training steps of a small LSTM
 * on it, on the main thread and again in a Worker, compares the losses with those of the reference backend, and prints
 * a report as one JSON object. It is a separate program because an incompatible binding may abort the process.
 */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import type { Backend } from '../backends/backend.ts';
import { referenceBackend } from '../backends/reference.ts';
import { tensorflowBackend } from '../backends/tensorflow.ts';
import { modelSchema } from '../config/schema.ts';
import { StreamBatcher } from '../data/streamBatcher.ts';
import { TokenSequence } from '../data/tokenSequence.ts';
import type { NativeBackend } from '../kernels/tensorflow/binding.ts';
import { LanguageModel } from '../models/languageModel.ts';
import type { NativeReport } from '../protocol/nativeBackends.ts';
import { Generator } from '../random/generator.ts';
import { LanguageModelTrainer } from '../training/languageModelTrainer.ts';
import { say } from '../phrases/phrase.ts';

const STEPS = 2;
const CLASSES = 11;
/** Maximum difference between losses in float32. */
const TOLERANCE = 1e-4;

/** Runs training steps on a backend. Returns their losses and the report of the backend. */
async function losses(backend: Backend, tensorflowPath: string): Promise<{ losses: number[]; report: NativeReport }> {
  const { device, version } = await backend.load({ home: '', tensorflowPath });
  const { binding } = tf.backend() as Partial<NativeBackend>;
  const config = modelSchema.parse({ cell: 'lstm', units: 16 });
  const model = new LanguageModel({ ...config, vocabularySize: CLASSES });
  model.initialize(Generator.forPurpose(1, 'weights'), config);
  const text = TokenSequence.of(Array.from({ length: 500 }, (_, index) => (index * index) % CLASSES));
  const trainer = new LanguageModelTrainer(model, new StreamBatcher(text, { timeSteps: 8, batchSize: 4 }));
  const found: number[] = [];
  for (let step = 0; step < STEPS; step++) found.push((await trainer.step(1e-2, { clipNorm: 1, clipValue: 0 })).loss);
  return {
    losses: found,
    report: { tfjsNode: version, tensorflow: binding?.TF_Version ?? 'unknown', device: say(device) },
  };
}

async function check(folder: string): Promise<NativeReport> {
  const native = await losses(tensorflowBackend, folder);
  const reference = await losses(referenceBackend, '');
  const agree = native.losses.every((loss, step) => Math.abs(loss - (reference.losses[step] ?? NaN)) < TOLERANCE);
  if (!agree)
    throw new Error(
      `training steps returned the losses ${native.losses.join(', ')} instead of ${reference.losses.join(', ')}`,
    );
  return native.report;
}

if (isMainThread) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('missing argument: the folder of @tensorflow/tfjs-node');
  const report = await check(folder);
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: folder });
  await once(worker, 'message');
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else {
  parentPort?.postMessage(await check(String(workerData)));
}
