import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** PyTorch results for convolutional classifiers, written by `test/fixtures/torchConvolutions.py`. */

export const CONVOLUTION_FIXTURES = fileURLToPath(new URL('../fixtures/convolutions/', import.meta.url));

const tensors = z.record(
  z.string(),
  z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) }),
);

const fixtureSchema = z.strictObject({
  shape: z.strictObject({
    pooling: z.enum(['max', 'mean']),
    widths: z.array(z.int().positive()),
    filters: z.int(),
    embedding: z.int(),
    vocabularySize: z.int(),
    classes: z.int(),
  }),
  sentences: z.array(z.strictObject({ ids: z.array(z.int()), label: z.int() })),
  /** By the names on disk. */
  weights: tensors,
  /** `[batch, classes]` */
  logits: z.array(z.number()),
  loss: z.number(),
  gradients: tensors,
});

type ConvolutionFixture = z.output<typeof fixtureSchema>;

export function readConvolutionFixtures(): { name: string; fixture: ConvolutionFixture }[] {
  return readdirSync(CONVOLUTION_FIXTURES).map((file) => ({
    name: basename(file, '.json'),
    fixture: fixtureSchema.parse(JSON.parse(readFileSync(join(CONVOLUTION_FIXTURES, file), 'utf8'))),
  }));
}
