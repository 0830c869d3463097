import type { Generator } from '../../random/generator.ts';

/** Generated sequences of one length with what is to be said at their end. Everything is time-major. */
export interface SequenceBatch {
  readonly timeSteps: number;
  readonly batch: number;
  /** Token ids `[timeSteps, batch]`, or vectors `[timeSteps, batch, width]`. */
  readonly inputs: Int32Array | Float32Array;
  /** A class of each sequence, or a number, or several, `[batch, numbers]`. */
  readonly targets: Int32Array | Float32Array;
}

/** A task whose sequences are generated. */
export interface SyntheticTask {
  /** Symbols of its alphabet where it gives token ids; width of its vectors otherwise. */
  readonly inputs: number;
  readonly inputKind: 'ids' | 'vectors';
  /** Classes to tell apart; 1 where a number is asked for. */
  readonly outputs: number;
  readonly outputKind: 'class' | 'number';
  /** Time steps below which its definition makes no sense. */
  readonly minTimeSteps: number;
  /** Losses of guesses that need no training, by their names. */
  readonly baselines: Readonly<Record<string, number>>;
  generate(timeSteps: number, batch: number, generator: Generator): SequenceBatch;
}
