/**
 * `node test/bench/soak.ts [STEPS] [BACKEND] [CELL] [T]` runs many training steps of a small language model and
 * periodically prints the values that must not grow: tensors, handles of native TensorFlow, GPU buffers, and the memory
 * of the kernels and the process in bytes.
 */
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../src/backends/registry.ts';
import { modelSchema } from '../../src/config/schema.ts';
import { StreamBatcher } from '../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../src/data/tokenSequence.ts';
import { deviceBytes } from '../../src/backends/deviceMemory.ts';
import type { NativeBackend } from '../../src/kernels/tensorflow/binding.ts';
import type { LabWebGpu } from '../../src/kernels/webgpu/backend.ts';
import { LanguageModel } from '../../src/models/languageModel.ts';
import { say } from '../../src/phrases/phrase.ts';
import { Generator } from '../../src/random/generator.ts';
import { LanguageModelTrainer } from '../../src/training/languageModelTrainer.ts';

const STEPS = Number(process.argv[2] ?? 10_000);
/** Time steps of a window; choose few for a software GPU adapter, which is slow. */
const T = Number(process.argv[5] ?? 25);
const LINES = 10;
const MIB = 2 ** 20;

const backend = await backendNamed(process.argv[3] ?? 'wasm').load({
  home: '',
  tensorflowPath: '',
  wideSimd: true,
  ownProcess: true,
});
const config = modelSchema.parse({ cell: process.argv[4], layers: 2, units: 32 });
const model = new LanguageModel({ ...config, vocabularySize: 65 });
model.initialize(Generator.forPurpose(1, 'weights'), config);
const generator = Generator.forPurpose(2, 'text');
const text = TokenSequence.of(Array.from({ length: 50_000 }, () => generator.nextWord() % 65));
const trainer = new LanguageModelTrainer(model, new StreamBatcher(text, { timeSteps: T, batchSize: 8 }));

console.log(`${backend.name} (${say(backend.device)}): ${config.cell} 2 x 32, T=${T}, B=8, V=65\n`);
console.log(
  '| step | tensors | native handles | GPU buffers | GPU MiB | kernels, used MiB | kernels, reserved MiB | JavaScript heap MiB | resident MiB |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (let step = 1; step <= STEPS; step++) {
  await trainer.step(1e-3, { clipNorm: 1, clipValue: 0 });
  if (step % Math.max(1, Math.floor(STEPS / LINES)) !== 0 && step !== 10) continue;
  const {
    numTensors,
    kernelBytes = 0,
    kernelBytesReserved = 0,
  } = tf.memory() as tf.MemoryInfo & Partial<Record<'kernelBytes' | 'kernelBytesReserved', number>>;
  const { heapUsed, rss } = process.memoryUsage();
  const { binding, bufferManager } = tf.backend() as Partial<NativeBackend & Pick<LabWebGpu, 'bufferManager'>>;
  const handles = binding?.getNumOfTensors() ?? '-';
  const buffers = bufferManager?.getNumUsedBuffers() ?? '-';
  const sizes = [deviceBytes() ?? 0, kernelBytes, kernelBytesReserved, heapUsed, rss].map((bytes) =>
    (bytes / MIB).toFixed(2),
  );
  const cells = [step, numTensors, handles, buffers, ...sizes];
  console.log(`| ${cells.join(' | ')} |`);
}
process.exit();
