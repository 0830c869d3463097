import { expectation } from '../probes/inspection/predictions.ts';
import type { Generator } from '../random/generator.ts';

/** How a token is drawn from logits. */
export interface DrawingRule {
  /** Divides the logits: 0 always takes the most likely token, 1 draws from the model's distribution. */
  readonly temperature: number;
  /** Number of most likely tokens to draw from; 0 or omitted: all. */
  readonly topK?: number;
  /** Ids of marks and placeholders, which are never drawn. */
  readonly unwritten: readonly number[];
}

/** A token that was drawn, and the logits that it was drawn from, one for each token of the vocabulary. */
export interface Draw {
  readonly id: number;
  readonly logits: Float32Array;
}

/** A token of a distribution with its probability in the model, and the one that it was drawn with. */
interface Candidate {
  readonly token: string;
  readonly before: number;
  readonly after: number;
}

/** A drawn token with its probabilities. */
export interface DescribedDraw extends Candidate {
  /** -ln of the probability in the model, in nats. */
  readonly surprisal: number;
  /** The most likely tokens of the model, most likely first. */
  readonly top: readonly Candidate[];
}

/** Draws a token. At temperature 0, nothing is read from the generator. */
export function drawId(logits: ArrayLike<number>, rule: DrawingRule, generator: Generator): number {
  const weights = drawingWeights(logits, rule);
  const best = likeliest(weights);
  if (rule.temperature === 0) return best;
  let rest = generator.nextUniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let id = 0; id < weights.length; id++) {
    rest -= weights[id]!;
    if (rest < 0) return id;
  }
  return best;
}

/** Probabilities of a drawn token and of the most likely tokens. @param tokens the token of each logit */
export function describeDraw(
  { id, logits }: Draw,
  tokens: readonly string[],
  rule: DrawingRule,
  count: number,
): DescribedDraw {
  const expected = expectation(logits);
  const weights = drawingWeights(logits, rule);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  // Rounding must not make a probability larger than 1.
  const surprisal = (each: number) => Math.max(0, expected.surprisal(each));
  const candidate = (each: number) => ({
    token: tokens[each]!,
    before: Math.exp(-surprisal(each)),
    after: weights[each]! / sum,
  });
  return { ...candidate(id), surprisal: surprisal(id), top: expected.likeliest(count).map(candidate) };
}

/** Weights that a token is drawn with, relative to the most likely one; 0 for tokens that are never drawn. */
function drawingWeights(logits: ArrayLike<number>, { temperature, topK = 0, unwritten }: DrawingRule): Float64Array {
  const allowed = Float64Array.from(logits);
  for (const id of unwritten) allowed[id] = -Infinity;
  const best = likeliest(allowed);
  if (temperature === 0) return allowed.map((_, id) => (id === best ? 1 : 0));
  if (topK > 0) removeAllBut(topK, allowed);
  const highest = allowed[best]!;
  return allowed.map((logit) => Math.exp((logit - highest) / temperature));
}

/** Sets all but the largest values to -Infinity. Of equal values, the first ones stay. */
function removeAllBut(count: number, values: Float64Array): void {
  const threshold = values.toSorted().at(-count) ?? -Infinity;
  let equal = count - values.reduce((larger, value) => larger + (value > threshold ? 1 : 0), 0);
  for (let id = 0; id < values.length; id++) {
    if (values[id]! < threshold || (values[id] === threshold && equal-- <= 0)) values[id] = -Infinity;
  }
}

/** Index of the largest value, the first one of equal values. */
export function likeliest(values: Float64Array): number {
  let best = 0;
  for (let id = 1; id < values.length; id++) if (values[id]! > values[best]!) best = id;
  return best;
}
