import { type Expectation, expectation } from '../../probes/inspection/predictions.ts';
import type { PartRead } from './readInParts.ts';

/** What a model expected of each token of a text before it read it, part by part. */
export class Expected {
  #next: Float32Array | undefined;

  /** The expectations of a part's tokens; undefined for the first token of a text, which nothing predicts. */
  ofPart({ logits, count }: PartRead): (Expectation | undefined)[] {
    const width = logits.length / count;
    const row = (t: number) => logits.subarray(t * width, (t + 1) * width);
    const before = Array.from({ length: count }, (_, t) => (t === 0 ? this.#next : row(t - 1)));
    this.#next = row(count - 1);
    return before.map((each) => each && expectation(each));
  }
}
