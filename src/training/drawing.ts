import type { Drawing } from '../config/drawing.ts';
import { phrase } from '../phrases/phrase.ts';
import { expectation } from '../probes/inspection/predictions.ts';
import type { Generator } from '../random/generator.ts';

/** Why no token can be drawn. */
export const NOT_A_NUMBER = phrase('The output of the model is not a number, so it cannot write a text.');

/** How a token is drawn from logits. The rules are applied in the order of these fields; omitted ones are off. */
export interface DrawingRule extends Partial<Omit<Drawing, 'temperature' | 'stop'>> {
  /** Divides the logits: 0 always takes the most likely token, 1 draws from the model's distribution. */
  readonly temperature: number;
  /** Ids of marks and placeholders, which are never drawn. */
  readonly unwritten: readonly number[];
}

/** Number of tokens before a token that `repetitionPenalty` is applied to. */
export const REPETITION_WINDOW = 64;

/** A token that was drawn, and the logits that it was drawn from, one for each token of the vocabulary. */
export interface Draw {
  readonly id: number;
  readonly logits: Float32Array;
  /** The tokens before it that a penalty of repetitions applies to. */
  readonly recent: readonly number[];
  /** Weights that it was drawn with, relative to the most likely one; omitted by models that do not draw by a rule. */
  readonly weights?: Float64Array;
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

/**
 * Draws a token. At temperature 0, nothing is read from the generator.
 * @param recent the tokens before it, of which the last `REPETITION_WINDOW` are penalized
 */
export function draw(
  logits: Float32Array,
  rule: DrawingRule,
  generator: Generator,
  recent: readonly number[] = [],
): Draw {
  const penalized = recent.slice(-REPETITION_WINDOW);
  const weights = drawingWeights(logits, rule, penalized);
  return { id: drawId(weights, rule, generator), logits, recent: penalized, weights };
}

function drawId(weights: Float64Array, rule: DrawingRule, generator: Generator): number {
  const best = likeliest(weights);
  if (rule.temperature === 0) return best;
  let rest = generator.nextUniform() * sumOf(weights);
  for (let id = 0; id < weights.length; id++) {
    rest -= weights[id]!;
    if (rest < 0) return id;
  }
  return best;
}

/**
 * Probabilities of a drawn token and of the most likely tokens.
 * @param tokens the token of each logit
 * @param rule the rule that the token was drawn with
 */
export function describeDraw(
  { id, logits, recent, weights: drawnWith }: Draw,
  tokens: readonly string[],
  rule: DrawingRule,
  count: number,
): DescribedDraw {
  const expected = expectation(logits);
  const weights = drawnWith ?? drawingWeights(logits, rule, recent);
  const sum = sumOf(weights);
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
function drawingWeights(
  logits: Float32Array,
  { repetitionPenalty = 1, temperature, topK = 0, topP = 1, minP = 0, unwritten }: DrawingRule,
  recent: readonly number[],
): Float64Array {
  const allowed = new Float64Array(logits);
  for (const id of unwritten) allowed[id] = -Infinity;
  if (repetitionPenalty !== 1)
    for (const id of new Set(recent)) allowed[id]! *= allowed[id]! > 0 ? 1 / repetitionPenalty : repetitionPenalty;
  const best = likeliest(allowed);
  if (temperature === 0) {
    allowed.fill(0)[best] = 1;
    return allowed;
  }
  if (topK > 0) removeAllBut(topK, allowed);
  const highest = allowed[best]!;
  const weights = allowed;
  for (let id = 0; id < weights.length; id++) weights[id] = Math.exp((weights[id]! - highest) / temperature);
  if (topP < 1) keepNucleus(topP, weights);
  // The most likely token has weight 1.
  if (minP > 0) for (let id = 0; id < weights.length; id++) if (weights[id]! < minP) weights[id] = 0;
  return weights;
}

/** Sum of values. A loop: a function call for each value would take longer than a step of a small model. */
function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum;
}

/** Keeps the largest weights whose sum is at least a share of all; of equal weights, the first ones. */
function keepNucleus(share: number, weights: Float64Array): void {
  const order = Uint32Array.from(weights, (_, id) => id).sort((a, b) => weights[b]! - weights[a]! || a - b);
  let missing = share * sumOf(weights);
  for (const id of order) {
    if (missing <= 0) weights[id] = 0;
    else missing -= weights[id]!;
  }
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
