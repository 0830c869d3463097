import * as z from 'zod';
import { logLikelihood } from './inference.ts';
import type { MarkovChain } from './chain.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

/** Probabilities of a model with S states and V symbols. */
export interface HmmProbabilities {
  /** `P(s_1 = i)`, `[states]`. */
  readonly initial: Float64Array;
  /** `P(s_t+1 = j | s_t = i)` at `i * states + j`, `[states, states]`. */
  readonly transition: Float64Array;
  /** `P(o_t = v | s_t = i)` at `i * symbols + v`, `[states, symbols]`. */
  readonly emission: Float64Array;
}

const row = z.array(z.number());

/** JSON form of a model: one row for each state. */
const hmmSchema = z.strictObject({
  version: z.literal(1),
  initial: row,
  transition: z.array(row),
  emission: z.array(row),
});

type HmmJson = z.output<typeof hmmSchema>;

/** Allowed deviation of a sum of probabilities from 1: decimal fractions need not sum to 1 exactly. */
const TOLERANCE = 1e-6;

/**
 * Hidden Markov model with discrete observations (Rabiner 1989): a chain of hidden states, each of which emits a
 * symbol. States and symbols are numbers; a vocabulary holds their names.
 */
export class HiddenMarkovModel implements MarkovChain {
  readonly states: number;
  readonly symbols: number;
  readonly probabilities: HmmProbabilities;
  readonly logInitial: Float64Array;
  readonly logTransition: Float64Array;
  /** Computed at first use: a fit makes many models that it only needs the probabilities of. */
  #logEmission: Float64Array | undefined;

  /** @throws RangeError that names the row with a wrong length or a sum other than 1 */
  constructor(probabilities: HmmProbabilities) {
    const { initial, transition, emission } = probabilities;
    this.states = initial.length;
    this.symbols = emission.length / this.states;
    if (this.states === 0 || this.symbols === 0)
      throw new RangeError('A model needs at least one state and one symbol.');
    if (transition.length !== this.states ** 2)
      throw new RangeError(`Transitions of ${this.states} states must be ${this.states} rows of ${this.states}.`);
    if (!Number.isInteger(this.symbols))
      throw new RangeError('Every state must have the same number of emission probabilities.');
    checkRows('initial', initial, this.states);
    checkRows('transition', transition, this.states);
    checkRows('emission', emission, this.symbols);
    this.probabilities = probabilities;
    this.logInitial = initial.map(Math.log);
    this.logTransition = transition.map(Math.log);
  }

  /** Creates a model from rows of probabilities, one for each state. @throws RangeError like the constructor */
  static of({
    initial,
    transition,
    emission,
  }: Pick<HmmJson, 'initial' | 'transition' | 'emission'>): HiddenMarkovModel {
    return new HiddenMarkovModel({
      initial: Float64Array.from(initial),
      transition: flattened('transition', transition, initial.length),
      emission: flattened('emission', emission, emission[0]?.length ?? 0),
    });
  }

  /** Restores a model from the output of `toJSON`. @throws Error that names the invalid part */
  static fromJSON(json: unknown): HiddenMarkovModel {
    try {
      return HiddenMarkovModel.of(hmmSchema.parse(json));
    } catch (error) {
      throw new PhrasedError(phrase('This is not a hidden Markov model of Sequence Lab. {0}', textOf(error)));
    }
  }

  /**
   * `ln P(o_t | s_t = i)`, `[timeSteps, states]`: the scores for inference.
   * @throws RangeError for a symbol that the model does not have
   */
  scores(observations: ArrayLike<number>): Float64Array {
    this.checkSymbols(observations);
    const logEmission = (this.#logEmission ??= this.probabilities.emission.map(Math.log));
    const scores = new Float64Array(observations.length * this.states);
    for (let t = 0; t < observations.length; t++) {
      const symbol = observations[t]!;
      for (let i = 0; i < this.states; i++) scores[t * this.states + i] = logEmission[i * this.symbols + symbol]!;
    }
    return scores;
  }

  /** @throws RangeError for a symbol that the model does not have */
  checkSymbols(observations: ArrayLike<number>): void {
    for (let t = 0; t < observations.length; t++) {
      const symbol = observations[t]!;
      if (!(symbol >= 0 && symbol < this.symbols))
        throw new RangeError(`Observation ${t} is symbol ${symbol}; the model has symbols 0 to ${this.symbols - 1}.`);
    }
  }

  /** `ln P(o_1 ... o_T)` in nats; -Infinity for an impossible sequence. */
  logLikelihood(observations: ArrayLike<number>): number {
    return logLikelihood(this, this.scores(observations));
  }

  toJSON(): HmmJson {
    const { initial, transition, emission } = this.probabilities;
    return {
      version: 1,
      initial: [...initial],
      transition: rowsOf(transition, this.states),
      emission: rowsOf(emission, this.symbols),
    };
  }
}

function flattened(name: string, rows: readonly (readonly number[])[], width: number): Float64Array {
  rows.forEach((values, index) => {
    if (values.length !== width)
      throw new RangeError(`Row ${index} of ${name} has ${values.length} probabilities; ${width} are needed.`);
  });
  return Float64Array.from(rows.flat());
}

function rowsOf(table: Float64Array, width: number): number[][] {
  return Array.from({ length: table.length / width }, (_, index) => [
    ...table.subarray(index * width, (index + 1) * width),
  ]);
}

function checkRows(name: string, table: Float64Array, width: number): void {
  for (let start = 0; start < table.length; start += width) {
    let sum = 0;
    let arePositive = true;
    for (let at = start; at < start + width; at++) {
      sum += table[at]!;
      arePositive &&= table[at]! >= 0;
    }
    if (!arePositive || !(Math.abs(sum - 1) <= TOLERANCE))
      throw new RangeError(`Row ${start / width} of ${name} must be probabilities that sum to 1; they sum to ${sum}.`);
  }
}
