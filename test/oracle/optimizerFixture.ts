import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Steps of PyTorch's optimizers, written by `test/fixtures/torchOptimizers.py`. */

export const OPTIMIZER_FIXTURES = fileURLToPath(new URL('../fixtures/optimizers/', import.meta.url));

const matrix = z.array(z.array(z.number()));

const fixtureSchema = z.strictObject({
  optimizer: z.enum(['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw']),
  options: z.strictObject({ lr: z.number(), momentum: z.number().default(0), weight_decay: z.number().default(0) }),
  weights: matrix,
  /** Gradients of every step. */
  gradients: z.array(matrix),
  /** The weights after every step. */
  after: z.array(matrix),
});

export type OptimizerFixture = z.output<typeof fixtureSchema>;

export function optimizerFixtures(): [name: string, fixture: OptimizerFixture][] {
  return readdirSync(OPTIMIZER_FIXTURES).map((file) => [
    basename(file, '.json'),
    fixtureSchema.parse(JSON.parse(readFileSync(join(OPTIMIZER_FIXTURES, file), 'utf8'))),
  ]);
}
