import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { layerName, makeCell } from './cells.ts';
import type { CellKind } from './cells.ts';
import { Matrix } from './matrix.ts';
import type { CellWeights, State } from './recurrent.ts';
import type { Stack } from './recurrentStack.ts';

/** PyTorch results for recurrent layers, written by `test/fixtures/torchLayers.py`. */

export const LAYER_FIXTURES = fileURLToPath(new URL('../fixtures/layers/', import.meta.url));

const flat = z.strictObject({ shape: z.array(z.int().positive()), values: z.array(z.number()) });

/** Tensor as a matrix: the last dimension becomes the columns, all others the rows. */
const matrix = flat.transform(({ shape, values }) => {
  const width = Number(shape.at(-1));
  return new Matrix(values.length / width, width, values);
});

/** A tensor [timeSteps, batch, n] as a matrix for each step. */
const sequence = flat.transform(({ shape: [timeSteps = 0, batch = 0, width = 0], values }) =>
  Array.from(
    { length: timeSteps },
    (_, t) => new Matrix(batch, width, values.slice(t * batch * width, (t + 1) * batch * width)),
  ),
);

const matrices = z.record(z.string(), matrix).transform((record) => new Map(Object.entries(record)));

/** The layers of a fixture, and the sequences that they read. */
export const layerSetup = z.strictObject({
  cell: z.enum(['lstm', 'gru', 'rnn']),
  activation: z.enum(['tanh', 'relu']),
  layers: z.int(),
  bidirectional: z.boolean(),
  shape: z.strictObject({ timeSteps: z.int(), batchSize: z.int(), inputs: z.int(), units: z.int() }),
  lengths: z.array(z.int()),
});

const fixtureSchema = z.strictObject({
  ...layerSetup.shape,
  precision: z.enum(['float64', 'float32']),
  /** By the names on disk. */
  weights: matrices,
  x: sequence,
  /** Initial states by direction and part, such as `forward_lstm_1/c`. */
  initial: matrices,
  /** Factors of the loss: the sum of the outputs times `byOutput` and of the final states times their factors. */
  byOutput: sequence,
  byFinal: matrices,
  output: sequence,
  final: matrices,
  gradients: z.strictObject({ weights: matrices, x: sequence, initial: matrices }),
  /** ||dL/dh_t||, and for the LSTM ||dL/dc_t||, [1 or 2 x timeSteps, batch], by direction. */
  norms: matrices,
});

export type LayerFixture = z.output<typeof fixtureSchema>;

/** All committed fixtures by file name. */
export function readLayerFixtures(): { name: string; fixture: LayerFixture }[] {
  return readdirSync(LAYER_FIXTURES).map((name) => {
    const json: unknown = JSON.parse(readFileSync(join(LAYER_FIXTURES, name), 'utf8'));
    return { name, fixture: fixtureSchema.parse(json) };
  });
}

/** The GRU of PyTorch resets after the recurrent product. */
export function kindOf({ cell, activation }: LayerFixture): CellKind {
  if (cell === 'lstm') return { cell };
  return cell === 'gru' ? { cell, resetAfter: true } : { cell, activation };
}

/** Name of a direction, prefix of its weights on disk, and its order of steps. */
export interface DirectionName {
  readonly name: string;
  readonly path: string;
  readonly reverse: boolean;
}

/** The directions of each layer. */
export function directionsOf({ cell, layers, bidirectional }: LayerFixture): DirectionName[][] {
  return Array.from({ length: layers }, (_, index) => {
    const layer = layerName({ cell }, index);
    if (!bidirectional) return [{ name: layer, path: layer, reverse: false }];
    return ['forward', 'backward'].map((direction) => {
      const name = `${direction}_${layer}`;
      return { name, path: `bidirectional_${index + 1}/${name}`, reverse: direction === 'backward' };
    });
  });
}

export function stackOf(fixture: LayerFixture): Stack {
  return directionsOf(fixture).map((layer) =>
    layer.map(({ name, path, reverse }) => {
      const get = (weight: string): Matrix => given(fixture.weights, `${path}/${weight}`);
      const weights: CellWeights = {
        kernel: get('kernel'),
        recurrentKernel: get('recurrent_kernel'),
        bias: get('bias'),
      };
      return { name, reverse, cell: makeCell(kindOf(fixture), weights) };
    }),
  );
}

/** Groups the parts of states by direction. */
export function statesOf(fixture: LayerFixture, parts: ReadonlyMap<string, Matrix>): Map<string, State> {
  return new Map(
    directionsOf(fixture)
      .flat()
      .map(({ name }): [string, State] => {
        const cell = parts.get(`${name}/c`);
        return [name, [given(parts, `${name}/h`), ...(cell ? [cell] : [])]];
      }),
  );
}

/** Inverse of `statesOf`. */
export function partsOf(states: ReadonlyMap<string, State>): Map<string, Matrix> {
  return new Map(
    [...states].flatMap(([name, state]) => state.map((part, index) => [`${name}/${'hc'[index] ?? index}`, part])),
  );
}

/** Maps weights or gradients by direction to their names on disk. */
export function weightsOnDisk(fixture: LayerFixture, weights: ReadonlyMap<string, CellWeights>): Map<string, Matrix> {
  return new Map(
    directionsOf(fixture)
      .flat()
      .flatMap(({ name, path }): [string, Matrix][] => {
        const { kernel, recurrentKernel, bias } = weights.get(name) ?? {};
        if (!kernel || !recurrentKernel || !bias) throw new RangeError(`There are no weights of ${name}.`);
        return [
          [`${path}/kernel`, kernel],
          [`${path}/recurrent_kernel`, recurrentKernel],
          [`${path}/bias`, bias],
        ];
      }),
  );
}

function given(tensors: ReadonlyMap<string, Matrix>, name: string): Matrix {
  const tensor = tensors.get(name);
  if (!tensor) throw new RangeError(`The fixture has no ${name}.`);
  return tensor;
}
