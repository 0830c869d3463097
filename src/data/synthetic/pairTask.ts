import type { Generator } from '../../random/generator.ts';

/** Source text and its target. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/**
 * Sequence-to-sequence task with generated pairs of texts. Pairs may repeat.
 */
export interface PairTask {
  generate(count: number, generator: Generator): TextPair[];
}
