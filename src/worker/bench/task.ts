import * as z from 'zod';
import { modelSchema } from '../../config/schema.ts';

/** The sizes of a training step: time steps, sequences, hidden units and classes. */
const stepSizes = z.object({ T: z.int(), B: z.int(), H: z.int(), V: z.int() });
export type StepSizes = z.output<typeof stepSizes>;

/** The data of a worker that runs training steps of the benchmark. */
export const benchTask = z.object({
  bench: z.object({
    sizes: stepSizes,
    backend: z.enum(['wasm', 'tensorflow', 'webgpu', 'reference']),
    cell: modelSchema.shape.cell.unwrap(),
    /**
     * `stock` trains TensorFlow.js's own layer of that cell. A probe, or a part of a step, replaces the training step.
     */
    model: z.enum(['ours', 'stock', 'probe', 'thorough probe', 'forward', 'forward and backward', 'loss', 'adam']),
    threads: z.int(),
    taps: z.boolean(),
    wideSimd: z.boolean(),
    environment: z.object({ home: z.string(), tensorflowPath: z.string(), ownProcess: z.boolean().optional() }),
  }),
});

export type BenchTask = z.output<typeof benchTask>['bench'];

/** Answers of the worker: one when it is ready, then one per request for a number of steps. */
export const benchAnswer = z.union([
  z.object({ ready: z.literal(true), threads: z.int(), device: z.string() }),
  z.object({
    milliseconds: z.array(z.number()),
    /** Best rate of the backend's matrix products, measured after the steps; null if unknown. */
    peakGigaflops: z.number().nullable(),
  }),
  z.object({ reason: z.string() }),
]);
