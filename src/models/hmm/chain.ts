/**
 * The hidden part of a hidden Markov model: where its states begin and how they follow each other.
 * Inference needs this and one row of scores per observation of any kind.
 */
export interface MarkovChain {
  /** Number of hidden states S. */
  readonly states: number;
  /** `ln P(s_1 = i)`, `[states]`. */
  readonly logInitial: Float64Array;
  /** `ln P(s_t+1 = j | s_t = i)` at `i * states + j`, `[states, states]`. */
  readonly logTransition: Float64Array;
}

/** The model gives an observed sequence probability zero, so nothing can be said about its states. */
export class ImpossibleObservations extends RangeError {
  override readonly name = 'ImpossibleObservations';

  constructor() {
    super(
      'The model gives these observations probability zero, so they have no states. ' +
        'Train it with smoothing above 0, which leaves everything a little probability.',
    );
  }
}
