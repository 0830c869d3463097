import { ChainProducts } from '../../kernels/chainProducts.ts';
import { ImpossibleObservations } from './chain.ts';
import { zeroCounts } from './estimate.ts';
import type { HiddenMarkovModel, HmmProbabilities } from './hiddenMarkovModel.ts';
import { backward, forward, totalOf } from './inference.ts';

/**
 * Bounds of the products of probabilities. A forward probability is lost below 1e-300 of the scale of its step; if no
 * scaled backward probability is larger than this, the paths that are lost have at most 1e-20 of the probability of all
 * paths, less than the rounding of a double.
 */
const LARGEST_BACKWARD = 1e180;
const SMALLEST_SCALE = 1e-90;

/** Symbols of a table that are transposed together, so that both sides stay in the cache. */
const BLOCK = 16;

/** The workspace that was used last: it takes longer to create than a short sequence. */
let workspace: ChainProducts | undefined;

function workspaceOf(states: number): ChainProducts {
  if (workspace?.states !== states) workspace = new ChainProducts(states);
  return workspace;
}

/**
 * Sums the expected counts of states and transitions over sequences under one model, from probabilities that are scaled
 * at each step (Rabiner 1989, section V.A): three products with a matrix for each time step. In logarithms, each pair of
 * states would need three exponentials. A sequence with numbers so small that a path could be lost is counted in
 * logarithms. The results of both differ by rounding, less than 1e-11 of each.
 *
 * Only one object can be in use at a time.
 */
export class ExpectedCounts {
  readonly #model: HiddenMarkovModel;
  readonly #chain: ChainProducts;
  /** `P(o = v | s = i)` at `v * width + i`. */
  readonly #emission: Float64Array;
  /** Expected number of times that a state emits a symbol, in the same layout. */
  readonly #emitted: Float64Array;
  /** Counts of the first states, and of the sequences in logarithms. */
  readonly #counts: HmmProbabilities;
  /** Inverse of the scale of each time step. */
  #scales = new Float64Array(0);
  /** `P(s_t = i | o_1 ... o_T)`, `[timeSteps, width]`. */
  #posterior = new Float64Array(0);

  constructor(model: HiddenMarkovModel) {
    const { states, symbols, probabilities } = model;
    this.#model = model;
    this.#chain = workspaceOf(states);
    this.#chain.begin(probabilities.transition);
    const { width } = this.#chain;
    this.#emission = new Float64Array(symbols * width);
    const { emission } = probabilities;
    for (let block = 0; block < symbols; block += BLOCK) {
      const end = Math.min(symbols, block + BLOCK);
      for (let i = 0; i < states; i++)
        for (let v = block; v < end; v++) this.#emission[v * width + i] = emission[i * symbols + v]!;
    }
    this.#emitted = new Float64Array(symbols * width);
    this.#counts = zeroCounts(model);
  }

  /**
   * Adds a sequence. @returns its log likelihood in nats
   * @throws ImpossibleObservations; RangeError for a symbol that the model does not have
   */
  add(observations: ArrayLike<number>): number {
    if (observations.length === 0) return 0;
    this.#model.checkSymbols(observations);
    this.#reserve(observations.length);
    const logLikelihood = this.#forward(observations);
    if (Number.isFinite(logLikelihood) && this.#backward(observations)) {
      this.#count(observations);
      return logLikelihood;
    }
    this.#chain.weighted.fill(0);
    return addInLogarithms(this.#model, observations, this.#counts);
  }

  /** The sums over all sequences so far. */
  get sums(): HmmProbabilities {
    const { states, symbols } = this.#model;
    const { width, pairs } = this.#chain;
    const { initial, ...logarithmic } = this.#counts;
    const { transition: probability } = this.#model.probabilities;
    const transition = logarithmic.transition.map((count, at) => {
      const from = Math.floor(at / states);
      return count + pairs[from * width + at - from * states]! * probability[at]!;
    });
    const emission = logarithmic.emission.slice();
    const emitted = this.#emitted;
    for (let block = 0; block < symbols; block += BLOCK) {
      const end = Math.min(symbols, block + BLOCK);
      for (let i = 0; i < states; i++) {
        const row = i * symbols;
        for (let v = block; v < end; v++) emission[row + v] = emission[row + v]! + emitted[v * width + i]!;
      }
    }
    return { initial, transition, emission };
  }

  #reserve(timeSteps: number): void {
    this.#chain.reserve(timeSteps);
    if (this.#scales.length >= timeSteps) return;
    this.#scales = new Float64Array(timeSteps);
    this.#posterior = new Float64Array(timeSteps * this.#chain.width);
  }

  /** Fills `alpha` with `P(s_t = i | o_1 ... o_t)`. @returns the log likelihood; NaN if a scale is too small */
  #forward(observations: ArrayLike<number>): number {
    const { alpha, width } = this.#chain;
    const emission = this.#emission;
    let logLikelihood = 0;
    alpha.fill(0, 0, width);
    alpha.set(this.#model.probabilities.initial);
    for (let t = 0; t < observations.length; t++) {
      if (t > 0) this.#chain.forward(t);
      const row = t * width;
      const symbol = observations[t]! * width;
      let scale = 0;
      for (let i = 0; i < width; i++) {
        const reached = alpha[row + i]! * emission[symbol + i]!;
        alpha[row + i] = reached;
        scale += reached;
      }
      if (!(scale >= SMALLEST_SCALE)) return NaN;
      const inverse = 1 / scale;
      for (let i = 0; i < width; i++) alpha[row + i] = alpha[row + i]! * inverse;
      this.#scales[t] = inverse;
      logLikelihood += Math.log(scale);
    }
    return logLikelihood;
  }

  /**
   * Fills `weighted` with the backward probabilities, times those of the symbols, and the table of posteriors.
   * @returns false if the forward pass may have lost a path that matters
   */
  #backward(observations: ArrayLike<number>): boolean {
    const { alpha, weighted, width, states } = this.#chain;
    const [emission, posterior] = [this.#emission, this.#posterior];
    const last = observations.length - 1;
    weighted.fill(1, last * width, last * width + states).fill(0, last * width + states, (last + 1) * width);
    let largest = 1;
    for (let t = last; t >= 0; t--) {
      if (t < last) this.#chain.backward(t);
      const row = t * width;
      const symbol = observations[t]! * width;
      const scale = this.#scales[t]!;
      for (let i = 0; i < width; i++) {
        const after = weighted[row + i]!;
        if (after > largest) largest = after;
        posterior[row + i] = alpha[row + i]! * after;
        weighted[row + i] = after * emission[symbol + i]! * scale;
      }
      if (!(largest <= LARGEST_BACKWARD)) return false;
    }
    return true;
  }

  #count(observations: ArrayLike<number>): void {
    const { width } = this.#chain;
    const [emitted, posterior] = [this.#emitted, this.#posterior];
    for (let t = 0; t < observations.length; t++) {
      const row = t * width;
      const symbol = observations[t]! * width;
      for (let i = 0; i < width; i++) emitted[symbol + i] = emitted[symbol + i]! + posterior[row + i]!;
    }
    const { initial } = this.#counts;
    for (let i = 0; i < initial.length; i++) initial[i] = initial[i]! + posterior[i]!;
    this.#chain.addPairs(observations.length);
  }
}

/** Adds the expected counts of one sequence, computed in logarithms, and returns its log likelihood. */
function addInLogarithms(
  model: HiddenMarkovModel,
  observations: ArrayLike<number>,
  expected: HmmProbabilities,
): number {
  const { states, symbols, logTransition } = model;
  const scores = model.scores(observations);
  const alpha = forward(model, scores);
  const beta = backward(model, scores);
  const total = totalOf(model, alpha);
  if (total === -Infinity) throw new ImpossibleObservations();
  for (let t = 0; t < observations.length; t++) {
    for (let i = 0; i < states; i++) {
      const here = t * states + i;
      const visits = Math.exp(alpha[here]! + beta[here]! - total);
      if (t === 0) add(expected.initial, i, visits);
      add(expected.emission, i * symbols + observations[t]!, visits);
      for (let j = 0; t + 1 < observations.length && j < states; j++) {
        const next = here - i + states + j;
        const through = logTransition[i * states + j]! + scores[next]! + beta[next]!;
        add(expected.transition, i * states + j, Math.exp(alpha[here]! + through - total));
      }
    }
  }
  return total;
}

function add(counts: Float64Array, at: number, amount: number): void {
  counts[at] = counts[at]! + amount;
}
