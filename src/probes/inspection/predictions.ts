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
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const logSum = highest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
  return {
    surprisal: (id) => logSum - logits[id]!,
    likeliest: (count) => largest(logits, count),
    top(count, tokens) {
      return largest(logits, count).map((id) => ({ token: tokens[id]!, probability: Math.exp(logits[id]! - logSum) }));
    },
  };
}

/** Indices of the largest values, largest first, without a full sort. */
function largest(values: Float32Array, count: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const place = found.findIndex((other) => values[other]! < value);
    if (place >= 0) found.splice(place, 0, index);
    else if (found.length < count) found.push(index);
    if (found.length > count) found.pop();
  }
  return found;
}
