import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Window } from './languageModel.ts';
import { Matrix } from './matrix.ts';
import { makeWeights } from './weights.ts';
import type { ModelShape, ModelWeights } from './weights.ts';
import { cut } from './windows.ts';

/** The numbers of PyTorch, as `test/fixtures/torchFixtures.py` writes them. */

export const FIXTURES = fileURLToPath(new URL('../fixtures/languageModel/', import.meta.url));

const flat = z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) });

/** A tensor of at most two dimensions; one of one dimension becomes one row. */
const matrix = flat.transform(({ shape, values }) => new Matrix(shape.length === 1 ? 1 : Number(shape[0]), Number(shape.at(-1)), values));

/** A tensor [timeSteps, batch, n], of which the values are enough. */
const sequence = flat.transform(({ values }) => values);

const states = z.array(z.strictObject({ hidden: matrix, cell: matrix }));
const tensors = z.record(z.string(), matrix).transform((record) => new Map(Object.entries(record)));

const fixtureSchema = z.strictObject({
  precision: z.enum(['float64', 'float32']),
  shape: z.strictObject({
    timeSteps: z.int(),
    batchSize: z.int(),
    vocabularySize: z.int(),
    /** 0 is one-hot. */
    embedding: z.int(),
    layers: z.int(),
    units: z.int(),
  }),
  /** Ids; its first window is that of the forward and backward pass. */
  text: z.array(z.int()),
  /** The states before that pass, one for each layer. */
  initial: states,
  weights: tensors,
  loss: z.number(),
  logits: sequence,
  final: states,
  gradients: tensors,
  initialGradients: states,
  /** For each layer, dL/dh_t and dL/dc_t of all steps. */
  stateGradients: z.array(z.strictObject({ hidden: sequence, cell: sequence })),
  /** An epoch of Adam from zero states, once without clipping, once with. */
  training: z.array(
    z.strictObject({
      settings: z.strictObject({
        learningRate: z.number(),
        beta1: z.number(),
        beta2: z.number(),
        epsilon: z.number(),
        clipNorm: z.number(),
      }),
      losses: z.array(z.number()),
      gradientNorms: z.array(z.number()),
      weights: tensors,
      final: states,
    }),
  ),
});

export type TorchFixture = z.output<typeof fixtureSchema>;
export type TorchTraining = TorchFixture['training'][number];

/** All committed fixtures by file name. */
export function readFixtures(): { name: string; fixture: TorchFixture }[] {
  return readdirSync(FIXTURES).map((name) => {
    const json: unknown = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8'));
    return { name, fixture: fixtureSchema.parse(json) };
  });
}

/** The window of the forward and backward pass, with the states before it. */
export function firstWindow({ text, shape, initial }: TorchFixture): Window {
  const [window] = cut(text, shape.timeSteps, shape.batchSize);
  if (!window) throw new RangeError('The text of the fixture is shorter than one window.');
  return { ...window, initial };
}

/** The weights of a fixture, copied, in the form of the oracle. */
export function weightsOf(shape: ModelShape, tensors: ReadonlyMap<string, Matrix>): ModelWeights {
  return makeWeights(shape, (name, rows, columns) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new RangeError(`The fixture has no ${name}.`);
    return new Matrix(rows, columns, tensor.values);
  });
}
