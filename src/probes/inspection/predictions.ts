import type { Prediction } from '../../protocol/inspection.ts';

/** Distribution over the next token, from the logits over the vocabulary. */
export interface Expectation {
  /** Surprisal -ln p of a token, in nats. */
  surprisal(id: number): number;
  /** Ids of the most likely tokens, most likely first. */
  likeliest(count: number): number[];
  /** The most likely tokens, most likely first. */
  top(count: number, tokens: readonly string[]): Prediction[];
}

export function expectation(logits: Float32Array): Expectation {
  // Loops: a function call for each logit would take longer than a step of a small model.
  let highest = -Infinity;
  for (let id = 0; id < logits.length; id++) highest = Math.max(highest, logits[id]!);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id]! - highest);
  const logSum = highest + Math.log(sum);
  return {
    surprisal: (id) => logSum - logits[id]!,
    likeliest: (count) => largest(logits, count),
    top(count, tokens) {
      return largest(logits, count).map((id) => ({ token: tokens[id]!, probability: Math.exp(logits[id]! - logSum) }));
    },
  };
}

/** Indices of the largest values, largest first, without a full sort. Of equal values, the first ones come first. */
function largest(values: Float32Array, count: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (found.length < count) found.push(index);
    else if (!(value > values[found[count - 1]!]!)) continue;
    let place = found.length - 1;
    for (; place > 0 && values[found[place - 1]!]! < value; place--) found[place] = found[place - 1]!;
    found[place] = index;
  }
  return found;
}
