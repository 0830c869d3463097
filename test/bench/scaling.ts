/**
 * `node test/bench/scaling.ts [BACKEND] [THREADS] [CELL]` times a training step while one of T, B and H grows, and
 * prints the throughput of its matrix products; a performance cliff appears as a drop.
 */
import { availableParallelism } from 'node:os';
import { cells } from '../../src/config/cells.ts';
import { modelSchema } from '../../src/config/schema.ts';
import { backendNamed } from '../../src/backends/registry.ts';
import { measureStep } from '../../src/worker/measure.ts';
import type { StepShape } from '../../src/worker/stepShape.ts';

const backend = backendNamed(process.argv[2] ?? 'wasm');
const threads = Number(process.argv[3] ?? availableParallelism());
const environment = {
  home: '',
  tensorflowPath: process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] ?? '',
  threads,
  wideSimd: true,
};
const { cell } = modelSchema.parse({ cell: process.argv[4] });
/** Number of blocks of H columns in the recurrent kernel. */
const { gates } = cells[cell];
const base = { timeSteps: 64, batchSize: 32, units: 128 };
const series = {
  timeSteps: [8, 16, 32, 64, 128, 256, 512],
  batchSize: [1, 2, 4, 8, 16, 32, 64, 128],
  units: [16, 32, 64, 96, 128, 192, 256, 384, 512],
};

console.log(
  `${cell} on ${backend.name}, ${threads} threads, Node ${process.version}\n\n| T | B | H | ms a step | GFLOP/s |\n| --- | --- | --- | --- | --- |`,
);
for (const [name, values] of Object.entries(series)) {
  for (const value of values) {
    const { units: H, ...sizes } = { ...base, [name]: value };
    const shape: StepShape = {
      task: 'language-model',
      ...sizes,
      model: modelSchema.parse({ cell, units: H }),
      inputs: 65,
    };
    const measured = await measureStep(backend, shape, environment, 120_000);
    const { timeSteps: T, batchSize: B, inputs: V } = shape;
    const time = 'milliseconds' in measured ? measured.milliseconds : NaN;
    // Three products each for the recurrent kernel and the dense layer: forward, to the left and to the right factor.
    const operations = 3 * 2 * T * B * (gates * H * H + H * V);
    console.log(`| ${T} | ${B} | ${H} | ${time.toFixed(2)} | ${(operations / time / 1e6).toFixed(1)} |`);
  }
}
