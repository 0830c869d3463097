import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * PyTorch results for LSTMs with a projection or without biases, written by `test/fixtures/torchProjections.py`.
 */

export const PROJECTION_FIXTURES = fileURLToPath(new URL('../fixtures/projections/', import.meta.url));

const tensor = z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) });
const tensors = z.record(z.string(), tensor);

const fixtureSchema = z.strictObject({
  layers: z.int(),
  bidirectional: z.boolean(),
  bias: z.boolean(),
  projection: z.int(),
  lengths: z.array(z.int()),
  /** By the names on disk. */
  weights: tensors,
  x: tensor,
  /** Factors of the outputs, whose sum is the loss. */
  byOutput: tensor,
  output: tensor,
  gradients: tensors,
});

export type ProjectionFixture = z.output<typeof fixtureSchema>;

export function projectionFixtures(): [name: string, fixture: ProjectionFixture][] {
  return readdirSync(PROJECTION_FIXTURES).map((file) => [
    basename(file, '.json'),
    fixtureSchema.parse(JSON.parse(readFileSync(join(PROJECTION_FIXTURES, file), 'utf8'))),
  ]);
}
