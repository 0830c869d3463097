import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { NamedTensor } from '../../src/models/weights.ts';
import { layerSetup } from './layerFixture.ts';

/** Gradient flow measured with PyTorch, written by `test/fixtures/torchProbes.py`. */

export const PROBE_FIXTURES = fileURLToPath(new URL('../fixtures/probes/', import.meta.url));

const tensor = z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) });
const tensors = z.record(z.string(), tensor);
const curve = z.array(z.number());
/** Curves of h, and for the LSTM of c. */
const byPart = z.array(curve).min(1).max(2);

const fixtureSchema = z.strictObject({
  ...layerSetup.shape,
  /** By the names on disk. */
  weights: tensors,
  x: tensor,
  /** Targets; the loss of a step is half the squared distance of the outputs from them. */
  targets: tensor,
  loss: z.number(),
  /** Gradients of the mean loss. */
  gradients: tensors,
  directions: z.array(
    z.strictObject({
      direction: z.enum(['forward', 'backward']),
      summed: byPart,
      lastStep: byPart,
      lastStepNorm: z.number(),
      lagMatrix: z.array(curve),
      jacobian: z.strictObject({ state: curve, h: curve }),
      sigmaMax: z.number(),
      spectralRadius: z.number(),
    }),
  ),
});

export type ProbeFixture = z.output<typeof fixtureSchema>;

export function readProbeFixtures(): { name: string; fixture: ProbeFixture }[] {
  return readdirSync(PROBE_FIXTURES).map((name) => {
    const json: unknown = JSON.parse(readFileSync(join(PROBE_FIXTURES, name), 'utf8'));
    return { name, fixture: fixtureSchema.parse(json) };
  });
}

export function namedTensors(record: ProbeFixture['weights']): NamedTensor[] {
  return Object.entries(record).map(([name, { shape, values }]) => ({
    name,
    shape,
    values: Float32Array.from(values),
  }));
}
