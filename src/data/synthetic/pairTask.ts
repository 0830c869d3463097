import type { Generator } from '../../random/generator.ts';

/** A text and what it is to be turned into. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/**
 * A task that turns one text into another (sequence to sequence), with generated pairs. The same pair may come twice.
 */
export interface PairTask {
  generate(count: number, generator: Generator): TextPair[];
}
