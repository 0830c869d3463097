import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { assertClose } from './compare.ts';
import type { Window } from './languageModel.ts';
import { Matrix } from './matrix.ts';
import type { State } from './recurrent.ts';
import { makeWeights } from './weights.ts';
import type { ModelShape, ModelWeights } from './weights.ts';
import { cut } from './windows.ts';

/** PyTorch results for language models, written by `test/fixtures/torchFixtures.py`. */

export const FIXTURES = fileURLToPath(new URL('../fixtures/languageModel/', import.meta.url));

const flat = z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) });

/** Tensor of at most two dimensions as a matrix; a single dimension becomes one row. */
const matrix = flat.transform(
  ({ shape, values }) => new Matrix(shape.length === 1 ? 1 : Number(shape[0]), Number(shape.at(-1)), values),
);

/** Flat values of a tensor [timeSteps, batch, n]. */
const sequence = flat.transform(({ values }) => values);

/** States: h, and c for an LSTM. */
const states = z.array(
  z
    .strictObject({ hidden: matrix, cell: matrix.optional() })
    .transform(({ hidden, cell }): State => (cell ? [hidden, cell] : [hidden])),
);
const tensors = z.record(z.string(), matrix).transform((record) => new Map(Object.entries(record)));

const fixtureSchema = z.strictObject({
  precision: z.enum(['float64', 'float32']),
  /** The GRU of PyTorch resets after the recurrent product. */
  kind: z.discriminatedUnion('cell', [
    z.strictObject({ cell: z.literal('lstm') }),
    z.strictObject({ cell: z.literal('gru'), resetAfter: z.literal(true) }),
    z.strictObject({ cell: z.literal('rnn'), activation: z.enum(['tanh', 'relu']) }),
  ]),
  shape: z.strictObject({
    timeSteps: z.int(),
    batchSize: z.int(),
    vocabularySize: z.int(),
    /** 0 for one-hot inputs. */
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
  stateGradients: z.array(z.strictObject({ hidden: sequence, cell: sequence.optional() })),
  /** An epoch from zero states: of Adam, once without clipping, once with; and of SGD. */
  training: z.array(
    z.strictObject({
      settings: z.strictObject({
        optimizer: z.enum(['adam', 'sgd']),
        momentum: z.number(),
        learningRate: z.number(),
        beta1: z.number(),
        beta2: z.number(),
        epsilon: z.number(),
        clipNorm: z.number(),
        clipValue: z.number(),
      }),
      losses: z.array(z.number()),
      gradientNorms: z.array(z.number()),
      clippedNorms: z.array(z.number()),
      weights: tensors,
      final: states,
    }),
  ),
});

type Stored = z.output<typeof fixtureSchema>;

/** Fixture with the cell in its shape. */
export type TorchFixture = Omit<Stored, 'kind' | 'shape'> & { readonly shape: Stored['shape'] & Pick<Stored, 'kind'> };
export type TorchTraining = TorchFixture['training'][number];

/** Asserts that training steps have the losses and gradient norms of PyTorch. */
export function assertStepsClose(
  steps: readonly { readonly loss: number; readonly gradientNorm: number }[],
  { losses, gradientNorms }: TorchTraining,
  tolerance: number,
): void {
  assertClose(
    'losses',
    steps.map(({ loss }) => loss),
    losses,
    tolerance,
  );
  assertClose(
    'gradient norms',
    steps.map(({ gradientNorm }) => gradientNorm),
    gradientNorms,
    tolerance,
  );
}

/** Describes the training of an epoch for the title of a test. */
export function trainingTitle({ settings: { optimizer, clipNorm, clipValue } }: TorchTraining): string {
  const clipping = clipNorm > 0 ? `clipped to ${clipNorm}` : 'not clipped';
  return [optimizer, ...(clipValue > 0 ? [`cut off at ${clipValue}`] : []), clipping].join(', ');
}

/** All committed fixtures by file name. */
export function readFixtures(): { name: string; fixture: TorchFixture }[] {
  return readdirSync(FIXTURES).map((name) => {
    const json: unknown = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8'));
    const { kind, shape, ...fixture } = fixtureSchema.parse(json);
    return { name, fixture: { ...fixture, shape: { ...shape, kind } } };
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
