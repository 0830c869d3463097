import { phrase, PhrasedError, sentences } from '../../phrases/phrase.ts';

/**
 * Markov chain of the hidden states: initial and transition probabilities. Inference needs only the chain and a row of
 * scores for each observation, so that observations can be of any kind.
 */
export interface MarkovChain {
  /** Number of hidden states S. */
  readonly states: number;
  /** `ln P(s_1 = i)`, `[states]`. */
  readonly logInitial: Float64Array;
  /** `ln P(s_t+1 = j | s_t = i)` at `i * states + j`, `[states, states]`. */
  readonly logTransition: Float64Array;
}

/** Thrown when an observed sequence has probability zero under the model, so that its states are undefined. */
export class ImpossibleObservations extends PhrasedError {
  override readonly name = 'ImpossibleObservations';

  constructor() {
    super(
      sentences(
        phrase('The model gives these observations probability zero, so they have no states.'),
        phrase('Train it with smoothing above 0, which makes every probability positive.'),
      ),
    );
  }
}
