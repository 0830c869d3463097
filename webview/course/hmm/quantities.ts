import * as l10n from '@vscode/l10n';
import type { HmmInference, HmmModel } from '../../../src/protocol/lessons/hmm.ts';
import { formatNumber } from '../../charts/number.ts';
import { subscript } from '../parts/subscript.ts';

/** Quantities of the trellis, in display order. */
export const QUANTITIES = ['forward', 'backward', 'posterior', 'viterbi'] as const;

export type Quantity = (typeof QUANTITIES)[number];

/** Everything that the value of a node follows from. */
export interface TrellisData {
  readonly model: HmmModel;
  /** Indices of the observed symbols. */
  readonly observations: readonly number[];
  readonly result: HmmInference;
}

/** How the value of a node follows from others: `formula` with symbols, `numbers` with values, and the value. */
interface Derivation {
  readonly formula: string;
  readonly numbers: string;
  readonly value: number;
}

interface QuantityDescription {
  readonly title: () => string;
  readonly letter: string;
  /** What a value is, for the note below the title. */
  readonly about: () => string;
  /** Values `[T, S]`. */
  readonly values: (result: HmmInference) => readonly number[];
  readonly derive: (data: TrellisData, t: number, state: number) => Derivation;
}

export const quantities: Readonly<Record<Quantity, QuantityDescription>> = {
  forward: {
    title: () => l10n.t('Forward α'),
    letter: 'α',
    about: () => l10n.t('Probability of the observations up to this day, together with this state on this day.'),
    values: ({ alpha }) => alpha,
    derive: deriveForward,
  },
  backward: {
    title: () => l10n.t('Backward β'),
    letter: 'β',
    about: () => l10n.t('Probability of the observations after this day, given this state on this day.'),
    values: ({ beta }) => beta,
    derive: deriveBackward,
  },
  posterior: {
    title: () => l10n.t('Posterior γ'),
    letter: 'γ',
    about: () => l10n.t('Probability of this state on this day, given all observations.'),
    values: ({ posterior }) => posterior,
    derive: derivePosterior,
  },
  viterbi: {
    title: () => l10n.t('Viterbi δ'),
    letter: 'δ',
    about: () =>
      l10n.t(
        'Probability of the most likely path that ends in this state on this day, together with its observations.',
      ),
    values: ({ best }) => best,
    derive: deriveViterbi,
  },
};

/** Symbol of a node, such as "α₁(Rainy)"; t counts from 0. */
export function nodeSymbol(letter: string, t: number, state: string): string {
  return `${letter}${subscript(t + 1)}(${state})`;
}

const num = (value: number | undefined) => formatNumber(value ?? 0);

/** Parts of the formulas, with the names of the model. */
function partsOf({ model, observations }: TrellisData) {
  const { states, symbols, initial, transition, emission } = model;
  const name = (state: number) => states[state] ?? '';
  const symbolAt = (t: number) => observations[t] ?? 0;
  return {
    states: states.map((_, i) => i),
    name,
    start: (state: number) => ({ symbol: `π(${name(state)})`, value: initial[state] ?? 0 }),
    move: (from: number, to: number) => ({
      symbol: `P(${name(from)} → ${name(to)})`,
      value: transition[from * states.length + to] ?? 0,
    }),
    emit: (state: number, t: number) => ({
      symbol: `P(${symbols[symbolAt(t)] ?? ''} | ${name(state)})`,
      value: emission[state * symbols.length + symbolAt(t)] ?? 0,
    }),
    node: (letter: string, values: readonly number[], t: number, state: number) => ({
      symbol: nodeSymbol(letter, t, name(state)),
      value: values[t * states.length + state] ?? 0,
    }),
  };
}

interface Factor {
  readonly symbol: string;
  readonly value: number;
}

const product = (factors: readonly Factor[], part: (factor: Factor) => string) => factors.map(part).join(' × ');

/** Writes a sum or a maximum of products, times a last factor if there is one. */
function derivation(
  value: number,
  terms: readonly (readonly Factor[])[],
  last: readonly Factor[],
  combine: (terms: readonly string[]) => string,
): Derivation {
  const written = (part: (factor: Factor) => string) => {
    const combined =
      terms.length > 1 ? combine(terms.map((term) => product(term, part))) : product(terms[0] ?? [], part);
    return [combined, ...last.map(part)].filter((each) => each !== '').join(' × ');
  };
  return { formula: written(({ symbol }) => symbol), numbers: written((factor) => num(factor.value)), value };
}

const sum = (terms: readonly string[]) => `(${terms.join(' + ')})`;
const maximum = (terms: readonly string[]) => `max(${terms.join(', ')})`;

function deriveForward(data: TrellisData, t: number, state: number): Derivation {
  const { alpha } = data.result;
  const { states, start, move, emit, node } = partsOf(data);
  const value = node('α', alpha, t, state).value;
  if (t === 0) return derivation(value, [[start(state)]], [emit(state, 0)], sum);
  const terms = states.map((from) => [node('α', alpha, t - 1, from), move(from, state)]);
  return derivation(value, terms, [emit(state, t)], sum);
}

function deriveBackward(data: TrellisData, t: number, state: number): Derivation {
  const { beta } = data.result;
  const { states, move, emit, node } = partsOf(data);
  const value = node('β', beta, t, state).value;
  if (t === data.observations.length - 1) return { formula: l10n.t('no observations follow'), numbers: '1', value };
  const terms = states.map((to) => [move(state, to), emit(to, t + 1), node('β', beta, t + 1, to)]);
  return derivation(value, terms, [], sum);
}

function derivePosterior(data: TrellisData, t: number, state: number): Derivation {
  const { alpha, beta, posterior, likelihood } = data.result;
  const { node } = partsOf(data);
  const factors = [node('α', alpha, t, state), node('β', beta, t, state)];
  return {
    formula: `${product(factors, ({ symbol }) => symbol)} / ${l10n.t('likelihood')}`,
    numbers: `${product(factors, ({ value }) => num(value))} / ${num(likelihood)}`,
    value: node('γ', posterior, t, state).value,
  };
}

function deriveViterbi(data: TrellisData, t: number, state: number): Derivation {
  const { best } = data.result;
  const { states, start, move, emit, node } = partsOf(data);
  const value = node('δ', best, t, state).value;
  if (t === 0) return derivation(value, [[start(state)]], [emit(state, 0)], maximum);
  const terms = states.map((from) => [node('δ', best, t - 1, from), move(from, state)]);
  return derivation(value, terms, [emit(state, t)], maximum);
}
