import { z } from 'zod';
import { modelSchema } from '../../config/schema.ts';

/** The sizes of a training step: time steps, sequences, hidden units and classes. */
const stepSizes = z.object({ T: z.int(), B: z.int(), H: z.int(), V: z.int() });
export type StepSizes = z.output<typeof stepSizes>;

/** What a worker that does training steps for the benchmark is told. */
export const benchTask = z.object({
  bench: z.object({
    sizes: stepSizes,
    backend: z.enum(['wasm', 'tensorflow', 'webgpu', 'reference']),
    cell: modelSchema.shape.cell.unwrap(),
    /**
     * `stock` trains TensorFlow.js's own layer of that cell. A probe, or a part of a step, is taken in place of a
     * training step.
     */
    model: z.enum(['ours', 'stock', 'probe', 'thorough probe', 'forward', 'forward and backward', 'loss', 'adam']),
    threads: z.int(),
    taps: z.boolean(),
    wideSimd: z.boolean(),
    environment: z.object({ home: z.string(), tensorflowPath: z.string(), ownProcess: z.boolean().optional() }),
  }),
});

export type BenchTask = z.output<typeof benchTask>['bench'];

/** What the worker answers: once when it is ready, then after each request for a number of steps. */
export const benchAnswer = z.union([
  z.object({ ready: z.literal(true), threads: z.int(), device: z.string() }),
  z.object({
    milliseconds: z.array(z.number()),
    /** What the backend's matrix products reach at best, measured after the steps; null where that is not known. */
    peakGigaflops: z.number().nullable(),
  }),
  z.object({ reason: z.string() }),
]);
