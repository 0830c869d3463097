import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** PyTorch results for encoders and decoders, written by `test/fixtures/torchEncoderDecoder.py`. */

export const ENCODER_DECODER_FIXTURES = fileURLToPath(new URL('../fixtures/encoderDecoder/', import.meta.url));

const tensors = z.record(
  z.string(),
  z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) }),
);

const fixtureSchema = z.strictObject({
  shape: z.strictObject({
    attention: z.enum(['none', 'dot', 'additive']),
    layers: z.int(),
    bidirectional: z.boolean(),
    sourceSize: z.int(),
    targetSize: z.int(),
    embedding: z.int(),
    units: z.int(),
  }),
  pairs: z.array(z.strictObject({ source: z.array(z.int()), target: z.array(z.int()) })),
  /** By the names on disk. */
  weights: tensors,
  loss: z.number(),
  /** `[timeSteps, batch, sourceSteps]` */
  alignment: z.array(z.number()),
  gradients: tensors,
});

export type EncoderDecoderFixture = z.output<typeof fixtureSchema>;

export function readEncoderDecoderFixtures(): { name: string; fixture: EncoderDecoderFixture }[] {
  return readdirSync(ENCODER_DECODER_FIXTURES).map((file) => ({
    name: basename(file, '.json'),
    fixture: fixtureSchema.parse(JSON.parse(readFileSync(join(ENCODER_DECODER_FIXTURES, file), 'utf8'))),
  }));
}
