import { type Expectation, expectation } from '../../probes/inspection/predictions.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import type { PartRead } from './readInParts.ts';

/**
 * What a model says at each token of a text, part by part: of a next token before it has read it, of everything else
 * after.
 */
export class Expected {
  readonly #looksAhead: boolean;
  #next: Float32Array | undefined;

  constructor(speaksOf: Inspection['speaksOf']) {
    this.#looksAhead = speaksOf === 'next-token';
  }

  /**
   * The expectations of a part's tokens; undefined for the first token of a text where it is of next tokens, as nothing
   * predicts it.
   */
  ofPart({ logits, count }: PartRead): (Expectation | undefined)[] {
    const width = logits.length / count;
    const row = (t: number) => logits.subarray(t * width, (t + 1) * width);
    if (!this.#looksAhead) return Array.from({ length: count }, (_, t) => expectation(row(t)));
    const before = Array.from({ length: count }, (_, t) => (t === 0 ? this.#next : row(t - 1)));
    this.#next = row(count - 1);
    return before.map((each) => each && expectation(each));
  }

  /** -ln p of a token that was read, in nats; null where the model did not speak of it. */
  surprisalOf(each: Expectation | undefined, id: number): number | null {
    return each && this.#looksAhead ? each.surprisal(id) : null;
  }
}
