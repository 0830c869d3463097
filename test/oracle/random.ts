import { hasCellState } from './cells.ts';
import type { Window } from './languageModel.ts';
import { build } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import type { State } from './recurrent.ts';
import { makeWeights } from './weights.ts';
import type { ModelShape, ModelWeights } from './weights.ts';

/** Seeded generator of uniform numbers in [0, 1): mulberry32, which is sufficient for test tensors. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Uniform in [-bound, bound), rounded to single precision so that a backend reads exactly these numbers. */
  matrix(rows: number, columns: number, bound: number): Matrix {
    return build(rows, columns, () => Math.fround((2 * this.next() - 1) * bound));
  }
}

/** Weights large enough that gates leave their linear range and gradients pass through many steps. */
export function randomWeights(random: Random, shape: ModelShape): ModelWeights {
  // A recurrent kernel is bounded by its width, so that differences in rounding do not grow from step to step.
  const bound = (name: string): number =>
    name.endsWith('recurrent_kernel') ? Math.min(0.8, 2 / Math.sqrt(shape.units)) : 0.8;
  return makeWeights(shape, (name, rows, columns) => random.matrix(rows, columns, bound(name)));
}

/** Hidden states [batch, units], and for the LSTM cell states. */
function randomState(random: Random, { kind, units }: ModelShape, batchSize: number): State {
  const hidden = random.matrix(batchSize, units, 0.9);
  return hasCellState(kind) ? [hidden, random.matrix(batchSize, units, 1.5)] : [hidden];
}

/** Window of random ids with random initial states, like a window in the middle of a text. */
export function randomWindow(random: Random, shape: ModelShape, timeSteps: number, batchSize: number): Window {
  const ids = (): number[][] =>
    Array.from({ length: timeSteps }, () =>
      Array.from({ length: batchSize }, () => random.integer(shape.vocabularySize)),
    );
  const initial = Array.from({ length: shape.layers }, () => randomState(random, shape, batchSize));
  return { ids: ids(), targets: ids(), initial };
}
