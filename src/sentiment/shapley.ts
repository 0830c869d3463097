import { shuffled } from '../data/labeled/split.ts';
import { Generator } from '../random/generator.ts';

/**
 * Evaluates a function of the words that are present, for several selections of words.
 * @param selections each has one byte per word, 1 if the word is present
 * @returns one row of outputs for each selection
 */
type Evaluate = (selections: readonly Uint8Array[]) => Promise<readonly (readonly number[])[]>;

/** Shapley values of the words for each output of a function. */
export interface ShapleyValues {
  /** Outputs without any of the words. */
  readonly baseline: readonly number[];
  /** `[words][outputs]`: with `baseline`, they add up to the outputs with all words. */
  readonly values: readonly (readonly number[])[];
}

/** Maximum number of words whose Shapley values are computed exactly, from all `2 ** words` selections. */
const MAX_EXACT = 7;

/** Seed of the permutations, so that an explanation never changes. */
const SEED = 1;

/**
 * Shapley values (Shapley 1953; Lundberg and Lee 2017): the change of each output when a word is added, averaged over
 * the orders in which the words can be added. They are exact for few words. For more, pairs of a random order and its
 * reverse are averaged (Castro et al. 2009; Mitchell et al. 2022). The sum over the words telescopes within each order,
 * so it is exact in both cases.
 * @param words number of words
 * @param evaluations bound on the number of evaluated selections; at least one pair of orders is used
 */
export async function shapleyValues(words: number, evaluations: number, evaluate: Evaluate): Promise<ShapleyValues> {
  const selections = new Selections();
  const empty = selections.indexOf(new Uint8Array(words));
  const additions = words <= MAX_EXACT ? allAdditions(words, selections) : sampled(words, evaluations, selections);
  const outputs = await evaluate(selections.distinct);
  const baseline = outputs[empty]!;
  const values = Array.from({ length: words }, () => new Array<number>(baseline.length).fill(0));
  for (const { word, weight, before, after } of additions) {
    const sums = values[word]!;
    for (let k = 0; k < sums.length; k++) sums[k] = sums[k]! + weight * (outputs[after]![k]! - outputs[before]![k]!);
  }
  return { baseline, values };
}

/** Addition of a word to a selection. */
interface Addition {
  readonly word: number;
  readonly weight: number;
  /** Indices of the selections without and with the word. */
  readonly before: number;
  readonly after: number;
}

/** Every addition, weighted by the fraction of the orders that contain it. */
function allAdditions(words: number, selections: Selections): Addition[] {
  // For a selection of `size` words: size! (words - size - 1)! / words!
  const weights = [1 / words];
  for (let size = 1; size < words; size++) weights.push((weights[size - 1]! * size) / (words - size));
  return Array.from({ length: 2 ** words }, (_, bits) => {
    const selection = Uint8Array.from({ length: words }, (_, word) => (bits >> word) & 1);
    const weight = weights[selection.reduce((sum, bit) => sum + bit, 0)]!;
    const before = selections.indexOf(selection);
    return Array.from(selection, (bit, word) =>
      bit === 1 ? [] : { word, weight, before, after: selections.indexOf(selection.with(word, 1)) },
    ).flat();
  }).flat();
}

/** The additions along pairs of a random order and its reverse. */
function sampled(words: number, evaluations: number, selections: Selections): Addition[] {
  const generator = Generator.forPurpose(SEED, 'orders of words');
  const pairs = Math.max(1, Math.floor(evaluations / (2 * words)));
  const weight = 1 / (2 * pairs);
  const indices = Array.from({ length: words }, (_, index) => index);
  const orders = Array.from({ length: pairs }, () => shuffled(indices, generator));
  return orders
    .flatMap((order) => [order, order.toReversed()])
    .flatMap((order) => {
      let selection = new Uint8Array(words);
      return order.map((word) => {
        const before = selections.indexOf(selection);
        selection = selection.with(word, 1);
        return { word, weight, before, after: selections.indexOf(selection) };
      });
    });
}

/** Distinct selections of words, in the order in which they were first looked up. */
class Selections {
  readonly distinct: Uint8Array[] = [];
  readonly #indices = new Map<string, number>();

  /** Index of a selection, which is added if it is new. */
  indexOf(selection: Uint8Array): number {
    const key = selection.join('');
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#indices.set(key, this.distinct.length);
    this.distinct.push(selection);
    return this.distinct.length - 1;
  }
}
